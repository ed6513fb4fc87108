"""What crosses a border: words, events, commands, replies, subjects. Imports nothing else of ours."""

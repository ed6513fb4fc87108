"""What each act states: the fields that a command and the event which records it have in common, in life order.

A field is required here only where even a published old case has it; what a present-day command must carry besides is a
rule, and lives with the rules.
"""

"""The forms of the notices on paper: from figures and rows to .xlsx, knowing no database.

`template.py` is the layout as data (`data/*.yaml`), `model.py` what a report gives to be printed, `writing.py` the
workbook, `telling.py` the same in JSON, `periods.py` which days a form speaks of and when it is due.
"""

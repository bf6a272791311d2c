"""Writes a CSV file as a workbook with the PyPI package `openpyxl`.

    python write_workbook.py table.csv table.xlsx [WHAT]

WHAT spoils the workbook on purpose: `merged` merges the first two cells of the second row, `formula` puts a formula into
A2, `date` a day into C2 as a date, `old-date` one as text of the day-month-year kind, `error` an error value into A2,
`sheets` puts an empty sheet in front, `bool` a truth value into B2.
"""

import csv
import sys
from datetime import date

from openpyxl import Workbook


def main(source, target, what=None):
    workbook = Workbook()
    sheet = workbook.active
    with open(source, encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            sheet.append([value or None for value in row])
    match what:
        case "merged":
            sheet.merge_cells("A2:B2")
        case "formula":
            sheet["A2"] = '=CONCATENATE("P","L")'
        case "date":
            sheet["C2"] = date(2025, 11, 24)
        case "old-date":
            sheet["C2"] = "24.11.2025"
        case "error":
            sheet["A2"] = "#N/A"
            sheet["A2"].data_type = "e"
        case "sheets":
            workbook.create_sheet("Empty", 0)
        case "bool":
            sheet["B2"] = True
    workbook.save(target)


if __name__ == "__main__":
    main(*sys.argv[1:])

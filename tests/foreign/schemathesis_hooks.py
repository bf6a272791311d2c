"""How schemathesis writes a body it has no format for: a workbook is sent as the bytes it came up with."""

import schemathesis


@schemathesis.serializer("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
def workbook(_context, value):
    return value if isinstance(value, bytes) else str(value).encode()

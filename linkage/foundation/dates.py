"""Days as people type them: 2016-07-01, 2016/7/1, 2016.7.1 and 2016年7月1日."""

from django import forms

FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]


class DayInput(forms.DateInput):
    """The picker of the browser; what is typed without it is understood as well."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    widget = DayInput
    input_formats = FORMATS

    def to_python(self, value):
        if isinstance(value, str):
            value = "".join(value.split())
        return super().to_python(value)

"""The desk as a clerk uses it: open a form, type into it, send it."""

from django.urls import reverse


def address(row_or_model, deed="change", **query):
    meta = row_or_model._meta
    name = f"admin:{meta.app_label}_{meta.model_name}_{deed}"
    key = [row_or_model.pk] if deed in ("change", "history", "delete") else []
    found = reverse(name, args=key)
    return found + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def step(row, deed):
    """The page of a step of a row."""
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist") + f"{row.pk}/{deed}/"


def typed(page, **changes):
    """What the browser would send of an opened form, with some fields typed anew."""
    forms = [page.context["adminform"].form]
    for lines in page.context["inline_admin_formsets"]:
        forms += [lines.formset.management_form, *lines.formset.forms]
    data = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value is True:
                data[field.html_name] = "on"
            elif value is not False and value != []:  # a box that is not ticked is not sent
                data[field.html_name] = "" if value is None else value
    return {**data, **changes}


def errors(page):
    """Every message of a refused form, by field."""
    found = dict(page.context["adminform"].form.errors)
    for lines in page.context["inline_admin_formsets"]:
        for form in lines.formset.forms:
            found |= {f"{form.prefix}-{name}": text for name, text in form.errors.items()}
        if lines.formset.non_form_errors():
            found[lines.formset.prefix] = lines.formset.non_form_errors()
    return found

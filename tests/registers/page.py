"""The form on a page of the desk as a browser would send it back."""

from html.parser import HTMLParser

LEFT = {"submit", "button", "file", "image", "reset"}  # what a browser does not send by itself


def filled(answer):
    """``{name: [values]}`` of the form of the row, as it stands on the page."""
    reader = _Reader()
    reader.feed(answer.content.decode())
    return {name: values for name, values in reader.values.items() if "__prefix__" not in name}


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.inside, self.values = False, {}
        self.select, self.options, self.text = None, [], None

    def handle_starttag(self, tag, attributes):
        about = dict(attributes)
        if tag == "form":
            self.inside = about.get("id", "").endswith("_form") and about.get("method") == "post"
        if not self.inside or "disabled" in about:
            return
        name = about.get("name")
        if tag == "input" and name and about.get("type", "text") not in LEFT:
            box = about.get("type") in ("checkbox", "radio")
            if not box or "checked" in about:
                self.values.setdefault(name, []).append(about.get("value", "on" if box else ""))
        elif tag == "select":
            self.select, self.options, self.several = name, [], "multiple" in about
        elif tag == "option" and self.select:
            self.options.append((about.get("value", ""), "selected" in about))
        elif tag == "textarea" and name:
            self.values[name], self.text = [""], name

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "select" and self.select:
            chosen = [value for value, selected in self.options if selected]
            if not chosen and not self.several and self.options:
                chosen = [self.options[0][0]]
            self.values[self.select] = chosen
            self.select = None
        elif tag == "textarea" and self.text:
            self.values[self.text] = [self.values[self.text][0].removeprefix("\n").removeprefix("\r\n")]
            self.text = None

    def handle_data(self, data):
        if self.text:
            self.values[self.text][0] += data

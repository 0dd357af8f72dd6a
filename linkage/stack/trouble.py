"""Why the platform cannot run, in words for the person at the keyboard."""


class Trouble(Exception):
    def __init__(self, chinese, english):
        super().__init__(f"{chinese}\n{english}")

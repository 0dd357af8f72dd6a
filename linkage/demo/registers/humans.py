"""People who do not exist: names put together by chance, identity numbers and telephones of nobody.

The numbers are right by every rule (a division that exists, a day, the check character), and still
nobody's: their sequence numbers 996 to 999 are kept for people over a hundred (GB 11643-1989), while
these were born later. The telephones begin with blocks that are not handed out.
"""

from datetime import date

from communities.people.models import IdentityType, Person
from communities.people.models.person import identity_hash
from linkage.demo.words import FAMILY
from linkage.foundation.fields import keyed_hash
from linkage.foundation.standards import Sex

MALE = "伟强磊洋勇军杰涛超明刚辉鹏飞宇浩凯健俊帆旭宁龙林波斌建国志文德永海东春生成华立新民福"
FEMALE = "芳娜敏静丽艳娟霞秀英桂兰玉梅红玲燕萍雪琳慧倩婷莹洁欣怡佳颖瑶琴云凤彩月莲淑珍华文春小"
BLOCKS = ("160", "161", "163", "164", "168", "169")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"


def name_of(chance, male):
    given = MALE if male else FEMALE
    first, second = int(chance.random() * len(given)), int(chance.random() * len(given))
    last = FAMILY[int(chance.random() * len(FAMILY))]
    return last + given[first] + (given[second] if second % 5 and second != first else "")


def telephone(chance):
    return f"{BLOCKS[int(chance.random() * len(BLOCKS))]}{int(chance.random() * 100_000_000):08d}"


def telephone_hash(number):
    return keyed_hash(f"phone:{number}") if number else ""


class Numbers:
    """Identity numbers, each once: of a division, a day and a sex; the next day where one is taken."""

    def __init__(self):
        self.area, self.taken = None, set()

    def of(self, area, born, male):
        """``(number, day of birth)`` for somebody registered in this county, born about that day."""
        if area != self.area:
            self.area, self.taken = area, set()
        while True:
            for sequence in (997, 999) if male else (996, 998):
                if (born, sequence) not in self.taken:
                    self.taken.add((born, sequence))
                    day = date.fromordinal(born)
                    body = f"{area}{day:%Y%m%d}{sequence}"
                    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
                    return body + CHECK[total % 11], day
            born += 1


class Humans:
    """New people, one row of ``Person`` each."""

    def __init__(self, loading):
        self.today = loading.today.toordinal()
        self.numbers = Numbers()
        self.table = loading.table(
            Person, "region", "name", "id_type", "id_number", "id_hash", "sex", "birth_date"
        )
        self.seal = self.table.seal("id_number")

    def person(self, place, chance, youngest, oldest):
        """``(id, name, day of birth)`` of somebody between two ages, known at this place."""
        male = chance.random() < 0.45
        name = name_of(chance, male)
        age = (youngest + chance.random() * (oldest - youngest)) * 365.25
        number, born = self.numbers.of(place.born_in, self.today - int(age) - 1, male)
        key = self.table.add(
            place.id,
            name,
            IdentityType.RESIDENT.value,
            self.seal(number),
            identity_hash(IdentityType.RESIDENT, number),
            (Sex.MALE if male else Sex.FEMALE).value,
            born,
        )
        return key, name, born

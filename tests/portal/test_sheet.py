"""The wall sheet: as large as the text allows, smaller with more of it, never below what can be read."""

from linkage.portal.sheet import SIZES, type_size


def test_a_short_notice_is_set_in_the_largest_type():
    assert type_size("居务公开", "请居民监督。", []) == SIZES[0]


def test_more_text_makes_smaller_type():
    sizes = [type_size("公示", "公" * length, [("服务内容", "服" * 100)]) for length in range(0, 2500, 100)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) > 5


def test_the_longest_notice_still_gets_a_size():
    assert type_size("长" * 150, "公示\n\n" * 1600, [("服务内容", "服" * 800)] * 7) == SIZES[-1]

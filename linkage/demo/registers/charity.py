"""The register of charity resources: entities, funds, donations, goods; public money of the places above."""

from linkage.demo.registers import words
from organizations.charity.models import (
    CappedSpending,
    CharityEntity,
    Donation,
    FundBudget,
    FundDisclosure,
    FundraisingDisclosure,
    FundSpending,
    FundUse,
    PublicFundraisingPlan,
    SpecialFund,
    StockItem,
    StockMovement,
)

# source, purpose, least and most in units of 10,000 yuan
BUDGETS = [
    ("lottery", "community_service", 20, 300),
    ("budget", "purchase", 40, 500),
    ("budget", "cultivation", 5, 60),
    ("purchase", "social_work", 15, 160),
]


class Sets:
    """``k`` is the key of the place, or the number of the row it hangs on within this load."""

    def __init__(self, loading, organizations):
        self.loading = loading
        self.own = f"o.id BETWEEN {organizations.first} AND {organizations.last}"

    def fill(self):
        shops = self._entities("love_supermarket", self._shops(), "facility.id", "NULL")
        homes = self._entities("mutual_aid_association", self._associations(), "NULL", "NULL")
        federations = self._entities("charity_federation", self._bodies("慈善总会"), "NULL", "o.id")
        foundations = self._entities("community_foundation", self._bodies("基金会"), "NULL", "o.id")
        self._goods(shops)
        for entities, least, most in (
            (shops, 1, 12),
            (homes, 2, 30),
            (federations, 20, 600),
            (foundations, 50, 900),
        ):
            self._gifts(entities, least, most)
        for entities in (federations, foundations):
            self._funds(entities)
        self._fundraising()
        self._public_money()

    def _shops(self):
        return (
            "demo_place p JOIN facilities_servicefacility facility ON facility.region_id = p.id"
            " AND facility.kind = 'love_supermarket' AND facility.removed_at IS NULL",
            "facility.name",
        )

    def _associations(self):
        chance = self.loading.chance("mutual aid", 3)
        return f"(SELECT * FROM demo_place WHERE {chance}) AS p", "p.label || '互助帮困协会'"

    def _bodies(self, name):
        """Those in the register of organisations that end so."""
        return (
            "demo_upper p JOIN organizations_socialorganization o ON o.region_id = p.id AND o.is_charity"
            f" AND o.status = 'active' AND {self.own} AND o.name LIKE '%{name}'",
            "o.name",
        )

    def _entities(self, kind, rows, facility, organization):
        source, name = rows
        loading = self.loading
        return loading.fill(
            CharityEntity,
            f"{source} ORDER BY p.path, {name}",
            region="p.id",
            name=name,
            kind=f"'{kind}'",
            facility=facility,
            organization=organization,
            instruments=loading.some(
                "instruments",
                ["purchase", "special_fund", "venture", "salon", "contest", "relief"],
                1,
                3,
                "p.k",
            ),
            address="''",
            contact="'办公室'",
            valid_from=f"make_date({loading.between('entity since', 2012, 2020, 'p.k')}, 9, 5)",
        )

    def _goods(self, shops):
        loading = self.loading
        goods = ", ".join(f"({n}, '{name}', '{unit}')" for n, (name, unit) in enumerate(words.GOODS))
        items = loading.fill(
            StockItem,
            f"""(SELECT e.id, n, goods.name, unit, hashint8extended(e.id - {shops.first}, n) AS k
                 FROM charity_charityentity e, (VALUES {goods}) AS goods (n, name, unit)
                 WHERE {{ids}}) AS item
            WHERE {loading.chance("kept", 60)} ORDER BY id, n""",
            over=shops,
            entity="id",
            name="name",
            unit="unit",
            quantity=loading.between("in stock", 0, 120),
        )
        own = f"(SELECT i.*, i.id - {items.first} AS k FROM charity_stockitem i WHERE {{ids}}) AS item"
        issued = loading.between("issued", 10, 80)
        came, went = loading.between("came in", 90, 400), loading.between("went out", 3, 80)
        for kind, quantity, day, purpose, households in (
            ("received", f"quantity + {issued}", came, "社会捐赠入库", "NULL"),
            ("issued", issued, went, "困难家庭积分兑换", loading.between("served", 4, 30)),
        ):
            loading.fill(
                StockMovement,
                f"{own} ORDER BY id",
                over=items,
                item="id",
                kind=f"'{kind}'",
                quantity=quantity,
                happened_on=f"({loading.on} - {day})",
                purpose=f"'{purpose}'",
                households=households,
                handler="'超市管理员'",
            )

    def _gifts(self, entities, least, most):
        loading = self.loading
        donor = loading.pick("donor", ["individual", "individual", "enterprise", "resident_unit", "unnamed"])
        name = (
            f"CASE donor WHEN 'unnamed' THEN '' WHEN 'individual' THEN {loading.pick('giver', words.GIVERS)}"
            f" ELSE {loading.pick('company', words.COMPANIES)} END"
        )
        hidden = f"(donor = 'individual' AND {loading.chance('hidden', 25)})"
        receipt = f"(donor <> 'unnamed' AND {loading.chance('receipt', 70)})"
        loading.fill(
            Donation,
            f"""(SELECT id, n, k, {donor} AS donor, {loading.chance("goods", 30)} AS goods,
                     {loading.day("given", 700, 3)} AS given
                 FROM (SELECT e.id, n, hashint8extended(e.id - {entities.first}, n) AS k
                       FROM charity_charityentity e, generate_series(1, 6) AS n WHERE {{ids}}) AS gift
                ) AS gift ORDER BY id, n""",
            over=entities,
            entity="id",
            donor_kind="donor",
            donor_name=f"CASE WHEN {hidden} THEN '爱心人士' ELSE {name} END",
            hide_name=hidden,
            kind="CASE WHEN goods THEN 'goods' ELSE 'money' END",
            amount=f"{loading.between('gift', least, most)} * 100",
            description=f"CASE WHEN goods THEN {loading.pick('what', words.GIFTS)} ELSE '' END",
            received_on="given",
            receipt_no=f"CASE WHEN {receipt} THEN to_char(given, '\"SJ\"YYYY-') || to_char(n, 'FM0000')"
            " ELSE '' END",
            receipt_on=f"CASE WHEN {receipt} THEN given + 1 END",
            handler="'出纳'",
        )

    def _funds(self, entities):
        """A fund for communities each, with one gift to it and two uses that together take less."""
        loading = self.loading
        begun = f"make_date({loading.today.year - 2}, 4, 1)"
        funds = loading.fill(
            SpecialFund,
            "charity_charityentity e WHERE {ids} ORDER BY id",
            over=entities,
            entity="id",
            name="'社区公益专项基金'",
            purpose="'支持社区养老、托幼和困难家庭帮扶的小微项目'",
            founder="name",
            valid_from=begun,
        )
        own = f"(SELECT f.*, f.id - {funds.first} AS k FROM charity_specialfund f WHERE {{ids}}) AS fund"
        given = f"{loading.between('fund gift', 80, 400)} * 1000"
        loading.fill(
            Donation,
            f"{own} ORDER BY id",
            over=funds,
            entity="entity_id",
            fund="id",
            donor_kind="'enterprise'",
            donor_name=loading.pick("fund donor", words.COMPANIES),
            kind="'money'",
            amount=given,
            received_on=f"{begun} + 20",
            receipt_no=f"'ZX{loading.today.year - 2}-0001'",
            receipt_on=f"{begun} + 21",
            handler="'出纳'",
        )
        loading.fill(
            FundUse,
            f"{own}, generate_series(1, 2) AS n ORDER BY id, n",
            over=funds,
            fund="id",
            used_on=f"CASE n WHEN 1 THEN {begun} + 150 ELSE"
            f" greatest({begun} + 300, {loading.day('fund used', 240, 5, 'k')}) END",
            amount=f"{loading.between('fund use', 10, 38, 'k + n')} * 1000",
            instrument=loading.pick("instrument", ["purchase", "venture", "relief"], "k + n"),
            purpose=loading.pick("fund purpose", words.PURPOSES, "k + n"),
            recipient="'社区社会组织'",
        )

    def _fundraising(self):
        loading = self.loading
        begins = f"DATE '{loading.today.year - 1}-09-01'"
        plans = loading.fill(
            PublicFundraisingPlan,
            f"organizations_socialorganization o WHERE o.public_fundraising AND o.status = 'active'"
            f" AND {self.own} ORDER BY o.id",
            organization="o.id",
            title="'“暖冬行动”募捐'",
            purpose="'资助困难家庭过冬物资和社区服务'",
            area="'本行政区域，线下设点与转账'",
            starts_on=begins,
            ends_on=f"{begins} + 120",
            lead="leader_name",
            beneficiaries="'低保、特困和低收入家庭'",
            use_of_money="'购买物资 70%，社区服务 30%'",
            target_amount="500000",
            cost="12000",
            surplus="'用于同类项目'",
            filed_on=f"{begins} - 20",
        )
        loading.fill(
            FundraisingDisclosure,
            f"(SELECT p.*, p.id - {plans.first} AS k FROM charity_publicfundraisingplan p WHERE {{ids}}) AS p"
            f" WHERE {loading.chance('discloses', 80)} ORDER BY id",
            over=plans,
            plan="id",
            disclosed_on="ends_on + 40",
            raised=f"{loading.between('raised', 200, 600)} * 1000",
            used=f"{loading.between('used', 60, 190)} * 1000",
            medium="'慈善中国、本会公众号'",
        )

    def _public_money(self):
        loading = self.loading
        year = loading.today.year
        values = ", ".join(
            f"({n}, '{source}', '{purpose}', {least}, {most})"
            for n, (source, purpose, least, most) in enumerate(BUDGETS)
        )
        amount = loading.draw("budget", "most - least", "hashint8extended(k, n)")
        # Each year a little more than the year before, in most places.
        growth = loading.between("growth", 97, 118, "hashint8extended(k, n)")
        budgets = loading.fill(
            FundBudget,
            f"""demo_upper u, (VALUES {values}) AS b (n, source, purpose, least, most),
                generate_series({year - 1}, {year}) AS year
            WHERE is_area OR level < 3 ORDER BY path, n, year""",
            region="id",
            year="year",
            source="source",
            purpose="purpose",
            amount=f"(least + {amount}) * 100 * CASE year WHEN {year} THEN {growth} ELSE 100 END",
            adopted_on="make_date(year, 1, 25)",
            doc_no=f"'财社〔' || year || '〕' || {loading.between('money paper', 3, 60)} || '号'",
        )
        share = f"round(amount * {loading.between('share', 20, 45)} / 100, 2)"
        loading.fill(
            FundSpending,
            f"""(SELECT b.*, n, hashint8extended(b.id - {budgets.first}, n) AS k
                 FROM charity_fundbudget b, generate_series(1, 2) AS n WHERE {{ids}}) AS b ORDER BY id, n""",
            over=budgets,
            budget="id",
            title=loading.pick("spent on", words.SPENDINGS),
            recipient=loading.pick("spent by", ["街道办事处", "社会工作服务机构", "社会组织发展服务中心"]),
            amount=share,
            committed_on="adopted_on + 60 * n",
            paid=f"round({share} * {loading.between('paid', 30, 100)} / 100, 2)",
            execution="'按季度拨付，已完成中期检查'",
            effect="'服务居民 1,200 人次，满意度 93%'",
        )
        loading.fill(
            FundDisclosure,
            f"demo_upper u WHERE (is_area OR level < 3) AND {loading.chance('tells', 85)} ORDER BY path",
            region="id",
            year=str(year - 1),
            published_on=f"least({loading.on}, make_date({year}, 5, 1) + {loading.draw('told', 75)})",
            medium="name || '人民政府网站'",
        )
        total = f"units * {loading.between('assistance', 60, 400)}"
        # In thousandths of the whole; a few lie above the cap, with the document that allows it.
        part = loading.between("purchased", 4, 21, "hashint8extended(k, year)")
        loading.fill(
            CappedSpending,
            f"""demo_upper u, (VALUES ('assistance_work', 3), ('hardship', 9)) AS s (source, units),
                generate_series({year - 1}, {year}) AS year
            WHERE is_area ORDER BY path, source, year""",
            region="id",
            year="year",
            source="source",
            total=f"{total} * 1000",
            purchased=f"{total} * {part}",
            doc_no=f"CASE WHEN {part} > 20 THEN '民函〔' || year || '〕' || units || '号' ELSE '' END",
        )

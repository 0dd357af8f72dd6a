"""The words the registers of the demo are made of."""

from dataclasses import dataclass

BOUNDS = [
    "一至五号楼",
    "东片区",
    "西片区",
    "南片区及沿街商铺",
    "北片区",
    "一、二村民小组",
    "三、四村民小组",
    "沿河片区",
]

PARTIES = ["party", "government", "committee", "owners", "organizations", "social_workers", "volunteers",
           "residents", "resident_units"]  # fmt: skip

# category, department it comes from, what communities are asked to do; the last four came later
AFFAIRS = [
    ("证明", "公安", "户籍情况证明"),
    ("证明", "公安", "无犯罪记录证明"),
    ("证明", "住建", "房屋权属情况证明"),
    ("证明", "民政", "婚姻状况证明"),
    ("证明", "民政", "亲属关系证明"),
    ("证明", "人社", "就业失业状况证明"),
    ("证明", "市场监管", "经营场所证明"),
    ("统计", "统计", "劳动力抽样调查入户"),
    ("统计", "统计", "经济普查底册核对"),
    ("统计", "卫健", "育龄妇女信息采集"),
    ("统计", "教育", "适龄儿童摸底"),
    ("统计", "公安", "流动人口信息采集"),
    ("环境", "城管", "沿街门店门前三包检查"),
    ("环境", "城管", "违章建筑巡查"),
    ("环境", "生态环境", "散煤燃烧巡查"),
    ("环境", "水利", "河道日常巡护"),
    ("安全", "应急", "企业安全生产检查"),
    ("安全", "消防", "九小场所消防检查"),
    ("安全", "市场监管", "食品小作坊检查"),
    ("安全", "公安", "出租房屋登记"),
    ("保障", "医保", "居民医保费代收"),
    ("保障", "人社", "居民养老保险费代收"),
    ("保障", "民政", "最低生活保障入户核查"),
    ("保障", "民政", "高龄津贴年审"),
    ("保障", "残联", "残疾人两项补贴初审"),
    ("保障", "退役军人", "优抚对象信息核对"),
    ("文教", "文旅", "农家书屋管理"),
    ("文教", "科协", "科普宣传栏更换"),
    ("文教", "妇联", "儿童之家日常管理"),
    ("党建", "组织", "流动党员排查登记"),
    ("保障", "医保", "门诊慢特病政策宣传"),
    ("安全", "应急", "独居老人燃气安全提示"),
    ("统计", "商务", "沿街商户经营情况月报"),
    ("环境", "农业农村", "畜禽散养情况巡查"),
]

# kind, name, resources, what exactly
UNITS = [
    ("institution", "{}小学", ["room", "volunteers"], "操场和阶梯教室，周末开放"),
    ("institution", "{}卫生服务站", ["specialists", "services"], "每月一次义诊，量血压、测血糖"),
    ("institution", "{}幼儿园", ["room", "goods"], "寒暑假提供活动室"),
    ("enterprise", "{}粮油商店", ["goods", "money"], "节日慰问物资"),
    ("enterprise", "{}农机维修部", ["specialists"], "农忙时免费检修"),
    ("enterprise", "{}餐饮店", ["services", "jobs"], "为独居老人送餐，提供两个就业岗位"),
    ("government", "{}派出所", ["specialists", "services"], "法律和反诈宣传"),
    ("government", "{}司法所", ["specialists"], "每周四下午法律咨询"),
    ("owners_committee", "{}家园业主委员会", ["volunteers"], "楼门长 12 名"),
    ("property_manager", "{}物业服务中心", ["services", "goods"], "便民维修，公共区域场地"),
    ("market", "{}便民理发店", ["services"], "每月为老人免费理发"),
    ("society", "{}老年协会活动点", ["room", "volunteers"], "棋牌室和图书角"),
]


@dataclass(frozen=True, slots=True)
class Theme:
    """What an organisation is for, and how it is called in a community and in a register."""

    name: str
    domains: tuple = ()
    targets: tuple = ("general",)
    scope: str = ""
    registers_as: str = ""
    formal: str = ""  # its name when registered; {} is filled with a word of its own
    subtypes: tuple = ()


THEMES = [
    Theme("夕阳红合唱队", ("recreation",), ("elderly",), "组织中老年居民合唱排练和节日演出。"),
    Theme("书画社", ("recreation",), ("elderly", "general"), "书画交流，为居民写春联。"),
    Theme("广场舞队", ("recreation",), ("general",), "健身舞蹈，参加文艺汇演。"),
    Theme("太极拳队", ("recreation", "healthy_ageing"), ("elderly",), "晨练教学，推广健康生活方式。"),
    Theme("秧歌锣鼓队", ("recreation",), ("general",), "传承民间文艺，节庆演出。"),
    Theme("乒乓球协会", ("recreation",), ("general",), "组织邻里赛事，管理活动室。"),
    Theme("邻里互助队", ("neighbours",), ("elderly", "empty_nest"), "结对帮扶、代购代办、应急互助。"),
    Theme("助老服务队", ("healthy_ageing", "neighbours"), ("elderly", "empty_nest"), "为高龄、独居老人送餐和探访。",
          "service_institution", "居家养老服务中心"),
    Theme("老年协会", ("healthy_ageing", "mediation"), ("elderly",), "维护老年人权益，组织文体和互助活动。",
          "association", "老年协会"),
    Theme("红白理事会", ("neighbours",), ("general",), "倡导移风易俗，操办红白事。"),
    Theme("人民调解工作室", ("mediation",), ("general",), "调解邻里、婚姻和物业纠纷。"),
    Theme("居民议事会", ("mediation", "integration"), ("general",), "围绕公共事务开展协商。"),
    Theme("四点半课堂", ("education",), ("children",), "放学后托管、作业辅导和兴趣小组。",
          "service_institution", "青少年服务中心"),
    Theme("亲子读书会", ("education", "recreation"), ("children",), "绘本阅读和家庭教育分享。"),
    Theme("科普宣传队", ("education",), ("general",), "科普讲座和健康知识入户。"),
    Theme("爱心公益社", ("charity",), ("low_income", "children_in_need"), "募集物资，帮扶困难家庭。",
          "service_institution", "公益服务中心", ("volunteer_organization",)),
    Theme("志愿者协会", ("charity", "neighbours"), ("general",), "志愿者招募、培训和服务记录。",
          "association", "志愿者协会", ("volunteer_organization",)),
    Theme("义务巡逻队", ("disaster_prevention",), ("general",), "夜间巡防、消防提醒。"),
    Theme("应急救援队", ("disaster_prevention",), ("disaster",), "防汛防火值守，应急演练。"),
    Theme("环保志愿队", ("neighbours",), ("general",), "垃圾分类宣传，清洁家园行动。"),
    Theme("新居民之家", ("integration",), ("migrant",), "为外来务工人员提供政策咨询和融入活动。"),
    Theme("妇女互助组", ("neighbours", "integration"), ("left_behind_women", "general"), "手工技能、家庭关系互助。"),
    Theme("助残服务队", ("charity", "neighbours"), ("disabled",), "康复陪伴、辅具借用和出行协助。",
          "service_institution", "助残服务中心", ("mainly_social_work",)),
    Theme("农技服务队", ("farming",), ("general",), "病虫害防治、果树修剪等田间指导。"),
    Theme("养殖互助会", ("farming", "neighbours"), ("general",), "交流养殖技术，互通销售信息。"),
    Theme("法律咨询室", ("mediation", "education"), ("general",), "律师定期坐班，普法宣传。"),
    Theme("心理关爱小组", ("healthy_ageing", "integration"), ("lost_only_child", "general"), "情绪支持小组与个案转介。"),
    Theme("社会工作服务站", ("charity", "integration"), ("general", "low_income"), "专业社工开展个案、小组和社区工作。",
          "service_institution", "{}社会工作服务中心", ("sw_agency",)),
]  # fmt: skip

URBAN_THEMES = [theme for theme in THEMES if "farming" not in theme.domains]
AGENCIES = ["启明", "暖阳", "同行", "春晖", "和悦", "益家", "惠民", "晨曦", "众邻", "安和", "馨和", "致远"]
FEDERATION = Theme("", (), ("general",), "联系、服务和规范辖区社区社会组织。", "association", "社区社会组织联合会",
                   ("cso_federation",))  # fmt: skip
VOLUNTEERS = Theme("", (), ("general",), "联系辖区志愿服务队伍，统筹服务项目。", "association", "社区志愿服务联合会",
                   ("volunteer_federation",))  # fmt: skip
AGENCY = Theme("", ("charity", "integration"), ("elderly", "children", "low_income"),
               "承接政府购买社会工作服务，督导与培训。", "service_institution", "{}社会工作服务中心",
               ("sw_agency",))  # fmt: skip
HUB = Theme("", (), ("general",), "社会组织孵化培育、能力建设、资源对接。", "service_institution", "社会组织发展服务中心",
            ("hub", "supporting"))  # fmt: skip
SW_ASSOCIATION = Theme("", (), ("general",), "社会工作行业自律、继续教育与权益维护。", "association", "社会工作协会",
                       ("sw_association", "industry_body"))  # fmt: skip
CHARITY_FEDERATION = Theme("", ("charity",), ("low_income", "disaster"), "慈善行业服务，救助项目组织。", "association",
                           "慈善总会")  # fmt: skip
FOUNDATION = Theme("", ("charity",), ("low_income", "children_in_need"), "资助社区公益项目和困难群众救助。", "foundation",
                   "{}社区发展基金会", ("community_foundation",))  # fmt: skip

# theme, at least and at most how many in such a place
AT_STREETS = [(FEDERATION, 0, 1), (VOLUNTEERS, 0, 1), (HUB, 0, 1)]
AT_COUNTIES = [
    (AGENCY, 2, 5),
    (HUB, 1, 1),
    (SW_ASSOCIATION, 1, 1),
    (CHARITY_FEDERATION, 1, 1),
    (FOUNDATION, 0, 1),
]
AT_CITIES = [(AGENCY, 1, 3), (SW_ASSOCIATION, 1, 1), (CHARITY_FEDERATION, 1, 1), (FOUNDATION, 1, 2)]
AT_PROVINCES = [(SW_ASSOCIATION, 1, 1), (CHARITY_FEDERATION, 1, 1), (FOUNDATION, 2, 3), (HUB, 1, 1)]
FUNDS = {"association": 30_000, "service_institution": 30_000, "foundation": 4_000_000}
POSITIONS = ["负责人", "项目主管", "社工", "会计", "项目助理", "行政"]

# Roles and title of the first, second, … of the staff of a community
OFFICES = [
    (("party_committee", "residents_committee"), "党支部书记、主任"),
    (("residents_committee",), "副主任"),
    (("residents_committee",), "委员"),
    (("full_time_worker",), "社区专职工作者"),
    (("full_time_worker", "grid_worker"), "网格专员"),
    (("full_time_worker",), "民政专干"),
    (("service_staff",), "便民服务窗口"),
    (("part_time_member",), "兼职委员"),
    (("grid_worker",), "网格员"),
]

SCHOOLS = [
    "省社会工作职业学院",
    "师范大学",
    "民族大学",
    "政法大学",
    "广播电视大学",
    "师范学院",
    "财经大学",
    "城市学院",
]
MAJORS = [
    "社会工作",
    "社会工作",
    "社会学",
    "心理学",
    "行政管理",
    "法学",
    "汉语言文学",
    "公共事业管理",
    "会计学",
]
COURSES = ["社会工作实务（中级）", "老年社会工作", "儿童保护与个案管理", "小组工作方法", "社区协商与议事规则",
           "督导能力提升", "项目设计与评估", "法律法规与政策"]  # fmt: skip
AWARDS = ["优秀社会工作者", "最美社区工作者", "社会工作先进个人", "疫情防控表现突出社工"]
PROFESSIONALS = [
    (("lawyer",), "律师事务所", "每月两次法律咨询"),
    (("counsellor",), "心理咨询中心", "个案心理疏导，预约服务"),
    (("medical",), "社区卫生服务中心", "慢病管理讲座、义诊"),
    (("teacher",), "中心小学", "周末作业辅导和书法课"),
    (("culture",), "文化馆", "合唱排练指导"),
    (("craft",), "", "家电维修、木工"),
    (("official", "craft"), "", "村史讲解、剪纸教学"),
]

SKILLS = ["理发", "急救", "心理疏导", "法律咨询", "书法", "家电维修", "摄影", "太极拳教学", "财务", "手语", "舞蹈", "厨艺",
          "普通话", "电脑操作", "农业技术"]  # fmt: skip
SERVICES = [
    ("为独居老人送餐", "居民家中"),
    ("入户探访空巢老人", "居民家中"),
    ("陪同老人就医取药", "社区卫生服务站"),
    ("放学后课业辅导", "四点半课堂"),
    ("清理楼道堆物", "居民楼院"),
    ("垃圾分类桶前值守", "垃圾分类投放点"),
    ("义务理发", "综合服务站"),
    ("文明交通劝导", "路口"),
    ("夜间治安巡逻", "辖区街巷"),
    ("图书整理与借阅服务", "社区图书室"),
]
# title, field, series, venue, hours
ACTIVITIES = [
    ("学雷锋便民服务日", "elderly", "neighbours", "文化广场", 3),
    ("清洁家园行动", "environment", "shared", "辖区街巷", 2),
    ("重阳敬老活动", "elderly", "neighbours", "综合服务站", 3),
    ("邻居节百家宴", "culture", "neighbour_festival", "文化广场", 4),
    ("防灾减灾演练", "safety", "safe", "居民广场", 2),
    ("助残日结对服务", "disabled", "neighbours", "综合服务站", 3),
    ("社区文化节演出", "culture", "culture_festival", "文化广场", 4),
    ("困难家庭暖冬慰问", "relief", "neighbours", "居民家中", 3),
    ("优抚家庭走访", "veterans", "shared", "居民家中", 2),
    ("就业信息入户宣传", "employment", "shared", "辖区街巷", 2),
    ("反诈宣传进楼院", "safety", "safe", "居民楼院", 2),
    ("暑期儿童安全课堂", "safety", "safe", "四点半课堂", 2),
]
TEAMS = [
    "红马甲志愿服务队",
    "邻里守望志愿队",
    "银龄志愿服务队",
    "青年志愿服务队",
    "党员先锋志愿队",
    "巾帼志愿服务队",
]

GOODS = [
    ("大米", "袋"),
    ("食用油", "桶"),
    ("棉被", "床"),
    ("洗衣液", "瓶"),
    ("学习用品", "套"),
    ("棉衣", "件"),
]
GIVERS = ["王先生", "李女士", "张女士", "刘先生", "陈女士", "赵先生", "一名退休教师"]
COMPANIES = ["惠民商贸有限公司", "宏达建筑工程公司", "城东超市", "利民药房", "农商银行支行", "永兴粮油店"]
GIFTS = ["大米 30 袋", "棉被 20 床", "图书 150 册", "轮椅 2 辆", "儿童书包 25 个", "食用油 40 桶"]
PURPOSES = ["困难家庭大病帮扶", "老年助餐补贴", "社区微项目资助", "困境儿童助学"]
SPENDINGS = [
    "居家养老上门服务",
    "困境儿童关爱项目",
    "社区社会组织公益创投",
    "社会工作站运营",
    "志愿服务项目",
    "为民办实事项目",
]

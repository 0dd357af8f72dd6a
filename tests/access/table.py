"""Who gets which answer from which address. Written from the requirements (HOUSE "Scope", issue 2), by hand.

The pages of the registers have rules of their own, in registers.py. One entry for each other route of
the site; each line says, for one method and one row, which status which people get. ``ELSE`` is
everybody not named in the line; without it they get 404, "no such row".

Before any of that, a page sends nobody, a closed account and a token to the sign-in page, REST answers
them 401, and a first password opens nothing but the page that changes it (``usual`` below). A route
without a GET line answers GET with 405, one without a POST line answers POST so.

Rows: *near* is handed in by 幸福里 and waits at its street, *draft* is its draft, *returned* was sent back to
it, *typed* is a draft the street clerk types for 天庆嘉园, *far* was handed in by a community of 酒泉.
``a+b`` is the part b hung under the project a.
"""

ELSE = "everybody else"
LOGIN, PASSWORD = "to the sign-in page", "to the page of the first password"

LEADERS = "street county county_admin city province stranger"  # of an office above the communities
WRITES_NEAR = "street_clerk street county county_admin"  # below the city that asks
OFFICES_NEAR = "street_clerk street county county_admin city observer province staff"
SEES_NEAR = f"community {OFFICES_NEAR}"
SEES_FAR = "province stranger stranger_community"
TYPISTS = "neighbour street_clerk street"
FILERS = f"community stranger_community {TYPISTS}"
OVER_AREA = "county county_admin city observer province staff"  # at or above the pilot area of 幸福里
OPENS = "county county_admin city province stranger"  # decides or administers in a county or above
OVERSEES = "street county county_admin city observer province staff stranger"  # above the communities
IN_GANSU = f"{SEES_NEAR} neighbour stranger stranger_community"
KEEPERS = "community neighbour street_clerk street county city province stranger stranger_community"

# What is sent with a POST; elsewhere it is empty. Wrong on purpose wherever something could happen.
BODIES = {
    "programmes/<code>/pilots/area/": {"region": "620102", "basis": "x"},  # is one already
    "programmes/<code>/pilots/community/": {"region": "620102020001", "basis": "x"},
    "programmes/<code>/phases/<key>/extend/": {
        "file-until": "2099-01-01",
        "file-doc_no": "no number",
        "file-reason": "x",
    },
    "programmes/<code>/selection/save/": {"version": "0"},  # while the list is shown to the public
    "projects/<pk>/urge/": {"text": "x" * 201},
    "projects/<pk>/save/": {"step": "submission", "title": ""},
    "accounts/new/": {"region": "620102020"},
    "accounts/<pk>/appoint/": {"region": "620102020", "role": "emperor"},
    "targets/supervision/<pk>/close/": {"close-reason": "x" * 501},
    "tables/<register>/export/": {"format": "pdf"},
    "returns/<pk>/begin/": {"place": "620102020001"},
    "returns/<pk>/receive/": {"place": "620102020", "return": "x"},
    "returns/sheets/<pk>/save/": {"f-volunteers": "x"},
    "tables/imports/<pk>/sheet/": {"sheet": "x"},
    "login/": {"username": "street", "password": "wrong"},
    "password/": {"old_password": "wrong", "new_password1": "a", "new_password2": "b"},
    "public/answers/": {"code": "no"},
}
QUERIES = {
    "accounts/new/": "?region=620102020",
    "api/v1/regions/find/": "?q=社区",
    "api/v1/attainment/": "?policy=GS-2016&place=620102020001",
    "api/v1/attainment/failing/": "?target=GS-2016-T&place=620102020001",
    "api/v1/statistics/": "?place=620102020001&below=1",
    "targets/comparison/export/": "?policy=NX-2099",
    "api/v1/special-groups/": "?place=620102020001",
    "admin/autocomplete/": "?app_label=communities&model_name=communityprofile&field_name=region",
}
# Whoever comes to these by GET, say from signing in anew, is led to the form, whatever the row is.
BACK_TO_THE_FORM = {
    f"projects/<pk>/{deed}/"
    for deed in (
        *("save", "submit", "withdraw", "reopen", "needs/<need_pk>/remove", "notice/publish"),
        *("meetings/<step>", "meetings/<meeting_pk>/call-off"),
        *("notice/take-down", "objections", "objections/<objection_pk>"),
        *("objections/<objection_pk>/contact", "attachments/<slot>"),
    )
}
# Routes of sessions: their POST must not be tried as if nothing happened.
UNSEALED = {
    "login/": "nobody is signed in yet",
    "api/v1/token/": "name and password are in the body",
}

PAGES = {
    "": {"GET": {200: ELSE}},
    "tasks/": {"GET": {200: ELSE}},
    "search/": {"GET": {200: ELSE}},
    "workbench/targets/": {"GET": {200: ELSE}},
    "messages/": {"GET": {200: ELSE}},
    "dwell/": {"GET": {200: OVERSEES, 403: ELSE}},
    "dwell/export/": {"GET": {200: OVERSEES, 403: ELSE}},
    "messages/read/": {"POST": {302: ELSE}},
    "messages/choices/": {"GET": {200: ELSE}, "POST": {422: ELSE}},
    "messages/<pk>/open/": {"POST near": {302: "street"}, "POST missing": {}},
    "communities/<code>/": {"GET near": {200: SEES_NEAR}, "GET far": {200: SEES_FAR}},
    "communities/<code>/history/": {"GET near": {200: SEES_NEAR}, "GET far": {200: SEES_FAR}},
    "registers/": {"GET": {200: ELSE}},
    "registers/find/": {"GET": {200: KEEPERS, 403: ELSE}, "POST": {422: KEEPERS, 403: ELSE}},
    "tables/": {"GET": {200: ELSE}},
    "tables/<register>/": {  # of the social organisations; whoever keeps them hands in tables
        "GET near": {200: IN_GANSU, 403: ELSE},
        "POST near": {422: KEEPERS, 403: ELSE},  # without a file
    },
    "tables/<register>/template/": {"GET near": {200: IN_GANSU, 403: ELSE}},
    "tables/<register>/export/": {
        "GET near": {200: IN_GANSU, 403: ELSE},
        "POST near": {400: IN_GANSU, 403: ELSE},  # in a format there is not
    },
    # What one has handed in and exported oneself; near is the province's, far the stranger's
    "tables/imports/<pk>/": {"GET near": {200: "province"}, "GET far": {200: "stranger"}},
    "tables/imports/<pk>/columns/": {
        "GET near": {200: "province"},
        "GET far": {200: "stranger"},
        "POST near": {422: "province"},
        "POST far": {422: "stranger"},
    },
    "tables/imports/<pk>/apply/": {"POST near": {302: "province"}, "POST far": {302: "stranger"}},
    "tables/imports/<pk>/again/": {"POST near": {302: "province"}, "POST far": {302: "stranger"}},
    "tables/imports/<pk>/sheet/": {"POST near": {400: "province"}, "POST far": {400: "stranger"}},
    "tables/imports/<pk>/give-up/": {"POST near": {302: "province"}, "POST far": {302: "stranger"}},
    "tables/imports/<pk>/errors/": {"GET near": {200: "province"}, "GET far": {200: "stranger"}},
    "tables/exports/<pk>/file/": {"GET near": {302: "province"}, "GET far": {302: "stranger"}},
    "tables/exports/<pk>/cancel/": {"POST near": {302: "province"}, "POST far": {302: "stranger"}},
    "targets/": {"GET": {200: ELSE}},
    "targets/keep/": {"POST": {302: "province", 403: ELSE}},  # who decides or administers in a province
    "targets/<code>/history/": {"GET gansu": {200: IN_GANSU}, "GET elsewhere": {404: ELSE}},
    "targets/<code>/history/export/": {"GET gansu": {200: IN_GANSU}, "GET elsewhere": {404: ELSE}},
    "targets/<code>/failing/": {"GET gansu": {200: IN_GANSU}, "GET elsewhere": {404: ELSE}},
    "targets/<code>/failing/export/": {"GET gansu": {404: ELSE}, "GET elsewhere": {404: ELSE}},
    "targets/<code>/units/": {"GET gansu": {200: IN_GANSU}, "GET elsewhere": {404: ELSE}},
    "targets/<code>/units/export/": {"GET gansu": {200: IN_GANSU}, "GET elsewhere": {404: ELSE}},
    "targets/export/": {"GET": {200: IN_GANSU}},
    "targets/draft/": {"GET": {200: LEADERS, 403: IN_GANSU}, "POST": {422: LEADERS, 403: IN_GANSU}},
    "targets/draft/export/": {"POST": {400: LEADERS, 403: IN_GANSU}},  # without a draft
    "returns/": {"GET": {200: ELSE}},
    "returns/new/": {"GET": {200: OPENS, 403: ELSE}, "POST": {422: OPENS, 403: ELSE}},
    "returns/<pk>/": {"GET near": {200: f"{SEES_NEAR} neighbour"}, "GET far": {200: SEES_FAR}},
    "returns/<pk>/export/": {"GET near": {404: ELSE}, "GET far": {404: ELSE}},  # no figures are kept yet
    "returns/<pk>/begin/": {"POST near": {302: "community", 403: OFFICES_NEAR}, "POST far": {404: ELSE}},
    "returns/<pk>/receive/": {"POST near": {400: OFFICES_NEAR}, "POST far": {404: ELSE}},
    "returns/sheets/<pk>/": {"GET near": {200: SEES_NEAR}, "GET far": {200: SEES_FAR}},
    "returns/sheets/<pk>/save/": {
        "POST near": {422: "community", 403: OFFICES_NEAR},
        "POST far": {422: "stranger_community", 403: "province stranger"},
    },
    "returns/sheets/<pk>/send-back/": {  # whoever decides right above
        "POST near": {
            422: "street",
            403: "community street_clerk county county_admin city observer province staff",
        },
        "POST far": {403: SEES_FAR},
    },
    "returns/sheets/<pk>/reopen/": {
        "POST near": {
            422: "street",
            403: "community street_clerk county county_admin city observer province staff",
        },
        "POST far": {403: SEES_FAR},
    },
    "returns/sheets/<pk>/export/": {"GET near": {200: SEES_NEAR}, "GET far": {200: SEES_FAR}},
    "summary/": {"GET": {200: ELSE}},
    "summary/export/": {"GET": {200: IN_GANSU}},
    "summary/behind/<key>/<place>/": {"GET near": {200: SEES_NEAR}, "GET far": {200: SEES_FAR}},
    "measures/<key>/records/<unit>/": {"GET near": {200: SEES_NEAR}, "GET far": {200: SEES_FAR}},
    "measures/<key>/records/<unit>/export/": {"GET near": {200: SEES_NEAR}, "GET far": {200: SEES_FAR}},
    "targets/<code>/path/": {"GET gansu": {200: IN_GANSU}, "GET elsewhere": {404: ELSE}},
    "targets/<code>/path/export/": {"GET gansu": {404: ELSE}, "GET elsewhere": {404: ELSE}},
    "targets/<code>/supervise/": {  # of a target that is not judged: sent back to its page
        "GET gansu": {302: LEADERS, 403: IN_GANSU},
        "GET elsewhere": {404: ELSE},
        "POST gansu": {302: LEADERS, 403: IN_GANSU},
        "POST elsewhere": {404: ELSE},
    },
    "targets/scenario/": {"GET": {200: IN_GANSU}},
    "targets/scenario/export/": {"GET": {404: ELSE}},  # nothing is supposed
    "targets/comparison/": {"GET": {200: IN_GANSU}},
    "targets/comparison/export/": {"GET": {200: IN_GANSU}},  # of the document of another province
    "targets/supervision/": {"GET": {200: ELSE}},
    "targets/supervision/export/": {"GET": {200: ELSE}},
    "targets/supervision/<pk>/": {"GET near": {200: SEES_NEAR}, "GET far": {200: SEES_FAR}},
    "targets/supervision/<pk>/export/": {"GET near": {200: SEES_NEAR}, "GET far": {200: SEES_FAR}},
    "targets/supervision/<pk>/withdraw/": {
        "POST near": {422: "city", 403: SEES_NEAR},
        "POST far": {422: "stranger", 403: SEES_FAR},
    },
    "targets/supervision/<pk>/close/": {
        "POST near": {422: "city", 403: SEES_NEAR},
        "POST far": {422: "stranger", 403: SEES_FAR},
    },
    "targets/supervision/<pk>/items/<item>/": {
        "POST near": {422: f"community {WRITES_NEAR}", 403: SEES_NEAR},
        "POST far": {422: "stranger_community", 403: SEES_FAR},
        "POST near+far": {404: ELSE},
        "POST far+near": {404: ELSE},
    },
    "targets/groups/": {"GET": {200: ELSE}},
    "targets/groups/export/": {"GET": {200: f"{OFFICES_NEAR} stranger"}},  # communities are not told of
    "exports/": {"GET": {200: ELSE}},
    "exports/<pk>/file/": {"GET near": {302: "province"}, "GET far": {302: "stranger"}},  # not finished
    "exports/<pk>/cancel/": {"POST near": {302: "province"}, "POST far": {302: "stranger"}},
    "programmes/": {"GET": {200: ELSE}},
    "programmes/<code>/": {"GET gansu": {200: IN_GANSU}, "GET elsewhere": {404: ELSE}},
    "programmes/<code>/arrivals/": {"GET gansu": {200: "province"}, "GET elsewhere": {404: ELSE}},
    "programmes/<code>/arrivals/<form>/": {"GET gansu": {200: "province"}, "GET elsewhere": {404: ELSE}},
    "programmes/<code>/selection/summary/<form>/": {
        "GET gansu": {200: "province"},
        "GET elsewhere": {404: ELSE},
    },
    "programmes/<code>/ceilings/<key>/": {"POST gansu": {422: "province"}, "POST elsewhere": {404: ELSE}},
    "programmes/<code>/pilots/": {"GET gansu": {200: IN_GANSU}, "GET elsewhere": {404: ELSE}},
    "programmes/<code>/pilots/area/": {
        "POST gansu": {422: "province", 403: "county county_admin city observer staff"},
        "POST elsewhere": {404: ELSE},
    },
    "programmes/<code>/pilots/community/": {
        "POST gansu": {422: "province county county_admin", 403: SEES_NEAR},
        "POST elsewhere": {404: ELSE},
    },
    "programmes/<code>/phases/<key>/extend/": {
        "POST gansu": {422: "province", 403: IN_GANSU},
        "POST elsewhere": {404: ELSE},
    },
    "programmes/<code>/plans/<area>/": {  # no file chosen
        "POST gansu": {422: "county county_admin", 403: OVER_AREA},
        "POST elsewhere": {404: ELSE},
    },
    "programmes/<code>/plans/<area>/answer/": {
        "POST gansu": {422: "province", 403: OVER_AREA},  # no reason given
        "POST elsewhere": {404: ELSE},
    },
    "plans/<pk>/file/": {"GET near": {200: OVER_AREA}, "GET far": {200: "province stranger"}},
    "programmes/<code>/reports/": {"GET gansu": {200: IN_GANSU}, "GET elsewhere": {404: ELSE}},
    "programmes/<code>/reports/<area>/<period>/": {
        "GET gansu": {200: "county county_admin"},  # not written yet: only its own office has a form
        "GET elsewhere": {404: ELSE},
        "POST gansu": {422: "county county_admin"},
        "POST elsewhere": {404: ELSE},
    },
    "projects/<pk>/copy/": {
        "GET near": {200: "community", 403: SEES_NEAR},
        "GET returned": {200: "community", 403: SEES_NEAR},
        "GET far": {200: "stranger_community", 403: SEES_FAR},
        "GET draft": {404: ELSE},
        "POST near": {422: "community", 403: SEES_NEAR},
        "POST far": {422: "stranger_community", 403: SEES_FAR},
    },
    "programmes/<code>/copy/": {
        "GET gansu": {200: "province", 403: IN_GANSU},
        "GET elsewhere": {404: ELSE},
        "POST gansu": {422: "province", 403: IN_GANSU},
        "POST elsewhere": {404: ELSE},
    },
    "programmes/<code>/prepare/": {  # open already: sent to its page
        "GET gansu": {302: "province", 403: IN_GANSU},
        "GET elsewhere": {404: ELSE},
        "POST gansu": {302: "province", 403: IN_GANSU},
        "POST elsewhere": {404: ELSE},
    },
    "programmes/<code>/activate/": {
        "POST gansu": {302: "province", 403: IN_GANSU},
        "POST elsewhere": {404: ELSE},
    },
    "programmes/<code>/selection/scoring/": {"GET gansu": {200: "province"}, "GET elsewhere": {404: ELSE}},
    "programmes/<code>/selection/scoring/criteria/": {
        "POST gansu": {422: "province"},
        "POST elsewhere": {404: ELSE},
    },
    "programmes/<code>/selection/scoring/expert/": {
        "POST gansu": {422: "province"},
        "POST elsewhere": {404: ELSE},
    },
    "programmes/<code>/selection/scoring/expert/<pk>/": {  # of the batch that has gone on
        "GET gansu": {404: ELSE},
        "GET elsewhere": {404: ELSE},
        "POST gansu": {404: ELSE},
        "POST elsewhere": {404: ELSE},
    },
    # The sheets of the stranger, named as an expert: shown to nobody else, whoever sits above.
    "scoring/": {"GET": {200: ELSE}},
    "scoring/<pk>/": {
        "GET near": {200: "stranger"},
        "GET far": {404: ELSE},  # of a batch that has gone on
        "POST near": {422: "stranger"},
        "POST far": {404: ELSE},
    },
    "scoring/<pk>/recuse/": {"POST near": {422: "stranger"}, "POST far": {404: ELSE}},
    # The board is that of the office of the programme's territory; one of the batch numbered 1 (story.py).
    "programmes/<code>/selection/": {"GET gansu": {302: "province"}, "GET elsewhere": {404: ELSE}},
    "programmes/<code>/selection/save/": {"POST gansu": {302: "province"}, "POST elsewhere": {404: ELSE}},
    "programmes/<code>/selection/move/": {"POST gansu": {404: ELSE}, "POST elsewhere": {404: ELSE}},
    "programmes/<code>/selection/notice/": {
        "GET gansu": {302: "province"},
        "GET elsewhere": {404: ELSE},
        "POST gansu": {302: "province"},
        "POST elsewhere": {404: ELSE},
    },
    "programmes/<code>/selection/<number>/": {"GET gansu": {200: "province"}, "GET elsewhere": {404: ELSE}},
    "programmes/<code>/selection/<number>/take-back/": {
        "POST gansu": {422: "province"},
        "POST elsewhere": {404: ELSE},
    },
    "programmes/<code>/selection/<number>/strike/": {
        "POST gansu": {404: ELSE},  # no such project on the list
        "POST elsewhere": {404: ELSE},
    },
    "programmes/<code>/selection/<number>/approve/": {
        "POST gansu": {422: "province"},
        "POST elsewhere": {404: ELSE},
    },
    "programmes/<code>/selection/<number>/again/": {
        "POST gansu": {302: "province"},  # not approved yet: sent back with the reason
        "POST elsewhere": {404: ELSE},
    },
    "programmes/<code>/selection/<number>/papers/<paper>": {
        "GET gansu": {200: "province"},
        "GET elsewhere": {404: ELSE},
    },
    "programmes/<code>/selection/<number>/objections/": {
        "POST gansu": {422: "province"},
        "POST elsewhere": {404: ELSE},
    },
    "programmes/<code>/selection/<number>/objections/<objection_pk>/": {
        "POST gansu": {422: "province"},
        "POST elsewhere": {404: ELSE},
    },
    "programmes/<code>/selection/<number>/objections/<objection_pk>/contact/": {
        "POST gansu": {422: "province"},
        "POST elsewhere": {404: ELSE},
    },
    "projects/": {"GET": {200: ELSE}},
    "projects/new/": {"GET": {200: FILERS, 403: ELSE}, "POST": {422: FILERS, 403: ELSE}},
    "projects/stranded/": {"GET": {200: "county_admin", 403: ELSE}},
    "projects/<pk>/": {
        "GET near": {200: SEES_NEAR},
        "GET draft": {200: "community"},
        "GET returned": {200: SEES_NEAR},
        "GET typed": {200: TYPISTS},
        "GET far": {200: SEES_FAR},
    },
    "projects/<pk>/form.docx": {
        "GET near": {200: SEES_NEAR},
        "GET draft": {200: "community"},
        "GET typed": {200: TYPISTS},
        "GET far": {200: SEES_FAR},
    },
    "projects/<pk>/compare/": {
        "GET near": {302: SEES_NEAR},  # only one round yet
        "GET draft": {302: "community"},
        "GET far": {302: SEES_FAR},
    },
    "projects/<pk>/urge/": {  # by the applicant and by offices above the street that has it
        "POST near": {422: "community county county_admin city province", 403: SEES_NEAR},
        "POST draft": {302: "community"},  # not under review
        "POST returned": {302: SEES_NEAR},
        "POST far": {422: "stranger_community province stranger"},
    },
    "projects/<pk>/correct/": {  # nobody here administers the province, and no office has decided yet
        "GET near": {403: SEES_NEAR},
        "GET draft": {403: "community"},
        "GET far": {403: SEES_FAR},
        "POST near": {403: SEES_NEAR},
        "POST draft": {403: "community"},
        "POST far": {403: SEES_FAR},
    },
    "projects/<pk>/decide/": {
        "POST near": {422: "street", 403: SEES_NEAR},
        "POST draft": {403: "community"},
        "POST returned": {403: SEES_NEAR},
        "POST far": {403: SEES_FAR},
    },
    "projects/batch/": {"GET": {302: ELSE}, "POST": {302: ELSE}},  # nothing was ticked
    "projects/batch/start/": {"POST": {302: ELSE}},
    "projects/<pk>/assign/": {  # inside the office where it lies, by who may decide there
        "POST near": {422: "street", 403: SEES_NEAR},
        "POST draft": {403: "community"},
        "POST far": {403: SEES_FAR},
    },
    **{
        f"projects/<pk>/{deed}/": {  # nobody is asked for a proposal, and no section for its word
            "POST near": {403: SEES_NEAR},
            "POST draft": {403: "community"},
            "POST far": {403: SEES_FAR},
        }
        for deed in ("propose", "send-back", "sections")
    },
    "projects/<pk>/copies/": {
        "POST near": {422: "street street_clerk county city province", 403: SEES_NEAR},
        "POST draft": {403: "community"},
        "POST far": {422: "province stranger", 403: SEES_FAR},
    },
    "copies/<pk>/seen/": {"POST near": {302: "street street_clerk"}, "POST far": {302: "stranger"}},
    "phrases/": {"GET": {200: ELSE}, "POST": {422: ELSE}},
    "phrases/<pk>/remove/": {"POST near": {302: "county county_admin"}, "POST far": {302: "stranger"}},
    "batches/": {"GET": {200: ELSE}},
    "batches/<pk>/": {"GET near": {200: "county"}, "GET far": {200: "stranger"}},
    "projects/<pk>/edit/": {
        "GET near": {302: "community", 403: OFFICES_NEAR},  # handed in: sent to its page
        "GET draft": {302: "community"},
        "GET returned": {302: "community", 403: OFFICES_NEAR},
        "GET typed": {302: TYPISTS},
        "GET far": {302: "stranger_community", 403: "province stranger"},
    },
    "projects/<pk>/edit/<step>/": {
        "GET near": {302: "community", 403: OFFICES_NEAR},
        "GET draft": {200: "community"},
        "GET returned": {200: "community", 403: OFFICES_NEAR},
        "GET typed": {200: TYPISTS},
        "GET far": {302: "stranger_community", 403: "province stranger"},
    },
    "projects/<pk>/save/": {
        "POST near": {302: "community", 403: OFFICES_NEAR},
        "POST draft": {422: "community"},
        "POST typed": {422: TYPISTS},
        "POST far": {302: "stranger_community", 403: "province stranger"},
    },
    "projects/<pk>/submit/": {
        "POST near": {302: "community", 403: OFFICES_NEAR},
        "POST draft": {422: "community"},  # an objection is open
        "POST typed": {422: TYPISTS},
        "POST far": {302: "stranger_community", 403: "province stranger"},
    },
    "projects/<pk>/confirm/": {
        "GET draft": {200: "community"},
        "GET typed": {200: TYPISTS},
        "GET near": {302: "community", 403: OFFICES_NEAR},
        "POST draft": {302: "community"},  # nothing to confirm
        "POST typed": {302: "neighbour", 422: "street_clerk street"},
        "POST far": {302: "stranger_community", 403: "province stranger"},
    },
    "projects/<pk>/withdraw/": {
        "POST near": {302: "community", 403: OFFICES_NEAR},
        "POST draft": {302: "community"},  # not under review
        "POST far": {302: "stranger_community", 403: "province stranger"},
    },
    "projects/<pk>/reopen/": {
        "POST near": {302: SEES_NEAR},  # not withdrawn: the wrong moment, whoever asks
        "POST draft": {302: "community"},
        "POST far": {302: SEES_FAR},
    },
    "projects/<pk>/needs/<need_pk>/": {
        "GET draft": {200: "community"},
        "GET near": {302: "community", 403: OFFICES_NEAR},
        "GET typed": {200: TYPISTS},
        "GET far": {302: "stranger_community", 403: "province stranger"},
        "GET draft+far": {404: ELSE},
        "POST draft": {422: "community"},
        "POST typed": {422: TYPISTS},
        "POST draft+far": {404: ELSE},
    },
    "projects/<pk>/needs/<need_pk>/remove/": {
        "POST draft": {302: "community"},
        "POST near": {302: "community", 403: OFFICES_NEAR},
        "POST typed": {302: TYPISTS},
        "POST draft+far": {404: ELSE},
    },
    "projects/<pk>/meetings/<step>/": {
        "POST draft": {422: "community"},
        "POST near": {302: "community", 403: OFFICES_NEAR},
        "POST typed": {422: TYPISTS},
        "POST far": {302: "stranger_community", 403: "province stranger"},
    },
    "projects/<pk>/meetings/<meeting_pk>/call-off/": {
        "POST draft": {422: "community"},
        "POST near": {302: "community", 403: OFFICES_NEAR},
        "POST typed": {422: TYPISTS},
        "POST draft+far": {404: ELSE},
    },
    "projects/<pk>/notice/publish/": {
        "POST draft": {302: "community"},  # it hangs already
        "POST near": {302: "community", 403: OFFICES_NEAR},
        "POST typed": {422: TYPISTS},
        "POST far": {302: "stranger_community", 403: "province stranger"},
    },
    "projects/<pk>/notice/take-down/": {
        "POST draft": {422: "community"},
        "POST near": {302: "community", 403: OFFICES_NEAR},
        "POST typed": {422: TYPISTS},
        "POST far": {302: "stranger_community", 403: "province stranger"},
    },
    "projects/<pk>/objections/": {
        "POST draft": {422: "community"},
        "POST near": {302: "community", 403: OFFICES_NEAR},
        "POST typed": {422: TYPISTS},
        "POST far": {302: "stranger_community", 403: "province stranger"},
    },
    "projects/<pk>/objections/<objection_pk>/": {
        "POST draft": {422: "community"},
        "POST near": {302: "community", 403: OFFICES_NEAR},
        "POST draft+far": {404: ELSE},
        "POST draft+near": {404: ELSE},
        "POST far": {302: "stranger_community", 403: "province stranger"},
    },
    "projects/<pk>/objections/<objection_pk>/contact/": {
        "POST draft": {422: "community"},
        "POST near": {302: "community", 403: OFFICES_NEAR},
        "POST draft+far": {404: ELSE},
        "POST draft+near": {404: ELSE},
        "POST far": {302: "stranger_community", 403: "province stranger"},
    },
    "projects/<pk>/attachments/<slot>/": {
        "POST draft": {422: "community"},
        "POST near": {302: "community", 403: OFFICES_NEAR},
        "POST typed": {422: TYPISTS},
        "POST far": {302: "stranger_community", 403: "province stranger"},
        "POST returned scan": {422: SEES_NEAR},  # no file was sent
        "POST far scan": {422: SEES_FAR},
    },
    "objections/files/<pk>/": {  # whoever answers the objection
        "GET near": {200: "community street street_clerk"},
        "GET far": {200: "stranger_community"},
    },
    "attachments/<pk>/": {
        "GET near": {200: SEES_NEAR},
        "GET draft": {200: "community"},
        "GET far": {200: SEES_FAR},
    },
    "attachments/<pk>/remove/": {
        "POST near": {302: "community", 403: OFFICES_NEAR},
        "POST draft": {302: "community"},
        "POST far": {302: "stranger_community", 403: "province stranger"},
    },
    # Tokens: one's own
    "tokens/": {"GET": {200: ELSE}, "POST": {422: ELSE}},
    "tokens/<pk>/revoke/": {"POST near": {302: "province"}, "POST far": {302: "stranger"}},
    # Deputies: of one's own post, or of a post below where one administers
    "deputies/": {"GET": {200: ELSE}, "POST": {404: ELSE}},  # of no post
    "deputies/<pk>/end/": {"POST near": {302: "county county_admin"}, "POST far": {302: "stranger"}},
    # Accounts: only administrators, only below them
    "password/": {"GET": {200: ELSE}, "POST": {422: ELSE}},
    "accounts/": {"GET": {200: "county_admin", 403: ELSE}},
    "accounts/new/": {"GET": {200: "county_admin", 403: ELSE}, "POST": {422: "county_admin", 403: ELSE}},
    "accounts/first-passwords/": {
        "GET": {200: "county_admin", 403: ELSE},
        "POST": {200: "county_admin", 403: ELSE},
    },
    "accounts/<pk>/": {
        "GET community": {200: "county_admin", 403: ELSE},
        "GET county_admin": {200: "county_admin", 403: ELSE},
        "GET city": {404: "county_admin", 403: ELSE},
        "GET stranger": {404: "county_admin", 403: ELSE},
        "GET root": {404: "county_admin", 403: ELSE},
        "GET missing": {404: "county_admin", 403: ELSE},
    },
    "accounts/<pk>/reset/": {
        "POST community": {200: "county_admin", 403: ELSE},
        "POST county_admin": {403: ELSE},
        "POST stranger": {404: "county_admin", 403: ELSE},
        "POST missing": {404: "county_admin", 403: ELSE},
    },
    "accounts/<pk>/active/": {
        "POST community": {400: "county_admin", 403: ELSE},
        "POST stranger": {404: "county_admin", 403: ELSE},
        "POST missing": {404: "county_admin", 403: ELSE},
    },
    "accounts/<pk>/appoint/": {
        "POST community": {422: "county_admin", 403: ELSE},
        "POST stranger": {404: "county_admin", 403: ELSE},
        "POST missing": {404: "county_admin", 403: ELSE},
    },
    "accounts/<pk>/full-exports/<post>/": {
        "POST community": {400: "county_admin", 403: ELSE},
        "POST community+stranger": {400: "county_admin", 403: ELSE},
        "POST stranger": {404: "county_admin", 403: ELSE},
        "POST missing": {404: "county_admin", 403: ELSE},
    },
    "accounts/<pk>/dismiss/<post>/": {
        "POST community": {302: "county_admin", 403: ELSE},
        "POST community+stranger": {404: "county_admin", 403: ELSE},
        "POST stranger": {404: "county_admin", 403: ELSE},
        "POST missing": {404: "county_admin", 403: ELSE},
    },
}

# Open to everybody: these lines hold for nobody and a first password as well.
PUBLIC = {
    "health/live": {"GET": {200: ELSE}, "POST": {200: ELSE}},
    "health/ready": {"GET": {200: ELSE}, "POST": {200: ELSE}},
    "public/": {"GET": {200: ELSE}},
    "public/projects/": {"GET": {200: ELSE}},
    "public/answers/": {"GET": {200: ELSE}, "POST": {422: ELSE}},
    "public/policies/": {"GET": {200: ELSE}},
    "public/policies/<code>/": {"GET gansu": {200: ELSE}, "GET elsewhere": {200: ELSE}},
    "public/notices/<pk>/": {
        "GET near": {200: ELSE},
        "GET far": {200: ELSE},
        "GET hanging": {200: ELSE},
        "GET typed": {404: ELSE},  # not published
    },
    "public/meetings/<pk>/": {"GET near": {200: ELSE}, "GET far": {200: ELSE}},
    "public/notices/<pk>/print": {"GET near": {200: ELSE}, "GET typed": {404: ELSE}},
    "public/notices/<pk>/objection": {
        "POST near": {302: ELSE},  # its days are over
        "POST hanging": {422: ELSE},
        "POST typed": {404: ELSE},
    },
    "public/notices/<pk>/received": {"GET near": {302: ELSE}, "GET typed": {404: ELSE}},
}
# The same without the freedom of a first password.
OPEN = {
    "api/v1/schema/": {"GET": {200: ELSE}},
    "policies/": {"GET": {200: ELSE}},
    "policies/<code>/": {"GET gansu": {200: ELSE}, "GET elsewhere": {200: ELSE}},
    "login/": {"GET": {200: "nobody closed token narrow", 302: ELSE}, "POST": {422: ELSE}},
    "logout/": {"POST": {302: ELSE}},
}

REST = {
    "api/v1/token/": {"POST": {400: ELSE}},
    "api/v1/regions/": {"GET": {200: ELSE}},
    "api/v1/regions/find/": {"GET": {200: ELSE}},
    "api/v1/regions/<code>/": {"GET near": {200: SEES_NEAR}, "GET far": {200: SEES_FAR}},
    "api/v1/programmes/": {"GET": {200: ELSE}},
    "api/v1/programmes/<code>/": {"GET gansu": {200: IN_GANSU}, "GET elsewhere": {404: ELSE}},
    "api/v1/projects/": {"GET": {200: ELSE}},
    "api/v1/projects/<pk>/": {
        "GET near": {200: SEES_NEAR},
        "GET draft": {200: "community"},
        "GET typed": {200: TYPISTS},
        "GET far": {200: SEES_FAR},
    },
    "api/v1/projects/<pk>/decide/": {
        "POST near": {400: SEES_NEAR},
        "POST draft": {400: "community"},
        "POST far": {400: SEES_FAR},
    },
    "api/v1/projects/<pk>/submit/": {
        "POST near": {409: SEES_NEAR},  # handed in already
        "POST draft": {400: "community"},
        "POST typed": {400: TYPISTS},
        "POST far": {409: SEES_FAR},
    },
    "api/v1/projects/<pk>/attach/": {  # not sent as a form
        "POST near": {415: SEES_NEAR},
        "POST draft": {415: "community"},
        "POST typed": {415: TYPISTS},
        "POST far": {415: SEES_FAR},
    },
    "api/v1/batches/": {"GET": {200: ELSE}, "POST": {400: ELSE}},
    "api/v1/batches/<pk>/": {"GET near": {200: "county"}, "GET far": {200: "stranger"}},
    "api/v1/projects/<pk>/correct/": {  # nothing said: who may is asked in tests/projects/test_doors.py
        "POST near": {400: SEES_NEAR},
        "POST draft": {400: "community"},
        "POST far": {400: SEES_FAR},
    },
    "api/v1/projects/<pk>/withdraw/": {
        "POST near": {200: "community", 403: OFFICES_NEAR},
        "POST draft": {409: "community"},
        "POST far": {200: "stranger_community", 403: "province stranger"},
    },
    "api/v1/measures/": {"GET": {200: ELSE}},
    "api/v1/targets/": {"GET": {200: ELSE}},
    "api/v1/editions/": {"GET": {200: ELSE}},
    "api/v1/attainment/": {"GET": {200: SEES_NEAR}},
    "api/v1/attainment/failing/": {"GET": {400: SEES_NEAR}},  # that target is not judged unit by unit
    "api/v1/statistics/": {"GET": {200: SEES_NEAR}},
    "api/v1/special-groups/": {"GET": {200: SEES_NEAR}},
    "api/v1/exports/": {"GET": {200: ELSE}, "POST": {400: ELSE}},
    "api/v1/exports/<pk>/": {"GET near": {200: "province"}, "GET far": {200: "stranger"}},
    "api/v1/exports/<pk>/file/": {"GET near": {409: "province"}, "GET far": {409: "stranger"}},
    "api/v1/exports/<pk>/cancel/": {"POST near": {200: "province"}, "POST far": {200: "stranger"}},
    "api/v1/tokens/": {"GET": {200: ELSE}, "POST": {400: ELSE}},
    "api/v1/tokens/<pk>/": {},  # only DELETE
}

# What a token that is limited to a place opens, by GET.
NARROW = {
    *("api/v1/regions/", "api/v1/regions/<code>/", "api/v1/measures/", "api/v1/targets/"),
    *("api/v1/editions/", "api/v1/attainment/", "api/v1/attainment/failing/", "api/v1/statistics/"),
    "api/v1/special-groups/",
}


def looked_at(model, near, far="", *, opened="root staff"):
    """A table of the admin that is only looked at: ``near`` and ``far`` are who finds these rows.

    Whoever may not open it gets 403 before any row is looked for. To the others a row that is not theirs
    is one that does not exist: they are sent to the index.
    """
    at, closed = f"admin/{model}/", {403: ELSE}
    found = {
        row: {200: theirs, 302: opened, 403: ELSE}
        for row, theirs in (("near", near), ("far", far), ("missing", ""))
    }
    return {
        at: {method: {200: opened, 403: ELSE} for method in ("GET", "POST")},  # no action was chosen
        f"{at}add/": {method: closed for method in ("GET", "POST")},
        f"{at}<object_id>/": {f"{method} {row}": {302: ELSE} for method in ("GET", "POST") for row in found},
        f"{at}<object_id>/change/": {
            **{f"GET {row}": line for row, line in found.items()},
            **{f"POST {row}": closed for row in found},
        },
        f"{at}<object_id>/history/": {
            f"{method} {row}": line for method in ("GET", "POST") for row, line in found.items()
        },
        f"{at}<object_id>/delete/": {
            f"{method} {row}": closed for method in ("GET", "POST") for row in found
        },
    }


def stepped(model, who, *steps):
    """Changes of a row that only administrators ask for; a row of elsewhere is like none. Nothing is sent."""
    return {
        f"admin/{model}/<object_id>/{step}/": {
            "GET near": {200: who, 403: ELSE},
            "POST near": {422: who, 403: ELSE},
            **{f"{method} {row}": {403: ELSE} for method in ("GET", "POST") for row in ("far", "missing")},
        }
        for step in steps
    }


# The admin: whoever holds a post enters, for the registers (registers.py) and the tree of places. The
# other tables are still for staff. Whoever may not enter is sent to the sign-in page.
ADMIN = {
    "admin/": {"GET": {200: ELSE}, "POST": {200: ELSE}},  # no form: a POST only reads
    "admin/search/": {"GET": {200: ELSE}, "POST": {200: ELSE}},
    "admin/jsi18n/": {"GET": {200: ELSE}},
    "admin/autocomplete/": {"GET": {200: IN_GANSU, 403: ELSE}},
    "admin/password_change/done/": {"GET": {200: ELSE}},
    "admin/<app_label>/": {"GET missing": {200: IN_GANSU}, "POST missing": {200: IN_GANSU}},
    "admin/<url>": {"GET missing": {404: ELSE}, "POST missing": {404: ELSE}},
    **looked_at("communities/region", SEES_NEAR, SEES_FAR, opened=IN_GANSU),
    **stepped("communities/region", "county_admin", "rename", "move", "merge", "split"),
    "admin/communities/region/<object_id>/hand_on/": {  # from no place here another one took over
        f"{method} {row}": {403: ELSE} for method in ("GET", "POST") for row in ("near", "far", "missing")
    },
    **looked_at("organizations/classificationscheme", IN_GANSU, IN_GANSU, opened=IN_GANSU),
    **looked_at("attainment/target", IN_GANSU, opened=IN_GANSU),
    **looked_at("attainment/benchmark", IN_GANSU, opened=IN_GANSU),
    **looked_at("attainment/coverageterm", IN_GANSU, opened=IN_GANSU),
    "admin/attainment/coverageterm/add/": {  # set anew by administrators, never changed
        method: {200: "county_admin", 403: ELSE} for method in ("GET", "POST")
    },
    **looked_at("foundation/calendaryear", IN_GANSU, IN_GANSU, opened=IN_GANSU),
    "admin/foundation/calendaryear/add/": {  # one calendar for all: entered by a province
        method: {200: "province", 403: ELSE} for method in ("GET", "POST")
    },
    "admin/foundation/calendaryear/<object_id>/change/": {
        **{f"GET {row}": {200: IN_GANSU, 403: ELSE} for row in ("near", "far")},
        "GET missing": {302: IN_GANSU, 403: ELSE},
        **{f"POST {row}": {200: "province", 403: ELSE} for row in ("near", "far")},
        "POST missing": {302: "province", 403: ELSE},
    },
    **looked_at("foundation/job", "county_admin", opened="county_admin"),  # what ran for people below
    "admin/foundation/job/<object_id>/again/": {  # a failed one; told first, confirmed then
        **{f"{method} near": {200: "county_admin", 403: ELSE} for method in ("GET", "POST")},
        **{f"{method} {row}": {403: ELSE} for method in ("GET", "POST") for row in ("far", "missing")},
    },
    **looked_at("consultation/assemblyrule", IN_GANSU, opened=IN_GANSU),
    "admin/consultation/assemblyrule/add/": {  # set anew by administrators, never changed
        method: {200: "county_admin", 403: ELSE} for method in ("GET", "POST")
    },
    **looked_at("policy/policydocument", "staff"),
    **looked_at("projects/programme", "staff"),
    **looked_at("projects/pilotarea", "staff"),
    **looked_at("projects/pilotcommunity", "staff"),
    **looked_at("projects/quotaraise", "staff"),
    **looked_at("projects/project", "staff"),
    **looked_at("offices/office", "staff county_admin", opened="root staff county_admin"),
    **stepped("offices/office", "county_admin", "rename", "hand_over", "close"),
    **looked_at("offices/post", "staff"),
    **looked_at("offices/deputy", "staff"),
    **looked_at("offices/user", "staff"),
    "admin/projects/project/<object_id>/open_in_portal/": {
        f"{method} {row}": {302: ELSE}  # to the project page, or for what is not theirs to the list
        for method in ("GET", "POST")
        for row in ("near", "far", "missing")
    },
}
# Signing in, signing out and passwords have one door each; those of the admin lead there.
LEADS = {
    "admin/login/": {"GET": {302: ELSE}, "POST": {302: ELSE}},
    "admin/logout/": {"GET": {405: f"root {IN_GANSU}", 302: ELSE}, "POST": {302: ELSE}},
    "admin/password_change/": {"GET": {302: ELSE}, "POST": {302: ELSE}},
}

TABLE = {**PAGES, **PUBLIC, **OPEN, **REST, **ADMIN, **LEADS}


def expected(route, method, label, who):
    """The answer this person gets: a status, or where they are sent."""
    lines = TABLE[route]
    if (before := usual(route, method, who)) is not None:
        return before
    if route in REST and who == "token":
        who = "county"  # whose token it is
    if route in REST and who == "narrow" and not (route == "api/v1/token/" and method == "POST"):
        if method == "POST" or route not in NARROW:
            return 403
        who = "street"  # what its owner in the county sees there
    line = lines.get(f"{method} {label}".strip())
    if line is None:
        if any(key.split()[0] == method for key in lines):
            return 404
        return 302 if method == "GET" and route in BACK_TO_THE_FORM else 405
    for status, people in line.items():
        if people != ELSE and who in people.split():
            return status
    return next((status for status, people in line.items() if people == ELSE), 404)


def usual(route, method, who):
    """What is answered before the row is looked at."""
    if route in PUBLIC:
        return None
    if who == "first":
        if route in ("password/", "logout/"):
            return None
        return 403 if route.startswith("api/") else PASSWORD
    outside = who in ("nobody", "closed", "token", "narrow")
    if route in REST:
        signs_in = route == "api/v1/token/" and method == "POST"
        return 401 if who in ("nobody", "closed") and not signs_in else None
    if route in PAGES:
        return LOGIN if outside else None
    if route in ADMIN:
        return LOGIN if outside or who in ("ended", "postless") else None
    return None

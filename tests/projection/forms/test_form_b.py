from services.projection.forms.telling import as_json
from services.projection.forms.template import FormId
from tests.projection.forms.forms_props import FIGURES, form, form_b, read

TITLE = "葛城街道办事处重大事故隐患专项排查整治2023行动进展情况月度调度表"
GAP = " " * 26
LABEL = "对企业\n自查\n自改\n进行\n抽查\n检查\n情况"
TABLE = [
    ["总体\n情况", 1, "企业自查发现的重大事故隐患（个）", 12, 2, "企业自查发现重大事故隐患中已完成整改的（个）", 9],
    ["", 3, "排查发现的重大事故隐患（个）", 7, 4, "排查发现重大事故隐患中已完成整改的（个）", 4],
    ["", 5, "政府挂牌督办的重大事故隐患（个）", 3, 6, "挂牌督办重大事故隐患中已完成整改的（个）", 1],
    [LABEL, 1, "抽查检查的企业总数（家）", 56, 2, "企业主要负责人未按要求亲自研究排查整治工作（家）", 8],
    ["", 3, "企业主要负责人未带队检查（家）", 6, 4, "企业未制定全员安全生产责任制职责清单（家）", 11],
    [
        *["", 5, "企业未依法建立安全管理机构和\n配足安全管理人员（家）", 2],
        *[6, "电焊等特种作业岗位人员无证上岗作业（家）", 4],
    ],
    ["", 7, "外包外租安全管理混乱（家）", 3, 8, "未按规定开展应急演练、员工不熟悉逃生出口（家）", 0],
]
NOTES = [
    "注：1．调度表自5月份开始上报，每月30日前上报截至上月末的累计情况。",
    (
        "2．调度表内容应围绕专项行动并对照方案具体要求如实填报，特别是对企业自查情况进行抽查检查时，要深挖细查，查出问题。"
        "如：电焊等人员无证上岗作业，既要通过现场检查发现问题，也要通过对企业动火等特种作业存单进行检查核实来发现问题；"
        "外包外租管理混乱，是指符合以下情形之一的：承包承租方不具备安全生产条件、未取得相应资质，双方未签订安全生产协议，"
        "安全生产管理职责不清，未纳入本企业统一管理。"
    ),
]


def test_it_has_the_cells_of_the_notice() -> None:
    """附件2：, title, the line, then seven columns without a heading; the numbers begin again in the second group."""
    sheet = read(form_b("桂花社区"))["桂花社区"]
    above = [row[0] for row in sheet.rows[:3]]
    assert above == ["附件2：", TITLE, f"桂花村（社区）{GAP}时间：2023年 6 月 30 日"]
    assert sheet.rows[3:10] == TABLE


def test_its_labels_are_merged_down() -> None:
    """总体情况 over three rows, the spot check over four; title and line over all seven columns."""
    merged = read(form_b("桂花社区"))["桂花社区"].merged
    assert {((3, 0), (5, 0)), ((6, 0), (9, 0)), ((1, 0), (1, 6)), ((2, 0), (2, 6))} <= merged


def test_its_notes_are_those_of_the_notice_and_one_of_ours() -> None:
    """Ours says that part two is cumulative: a later pass takes nothing away."""
    below = [row[0] for row in read(form_b("桂花社区"))["桂花社区"].rows[10:]]
    assert below[:2] == NOTES
    assert len(below) == 3
    assert "累计数，其后复查合格的不核减" in below[2]


def test_the_street_comes_first_then_its_villages() -> None:
    """The same layout on every sheet, with the street's own name in the line."""
    sheets = read(form_b("桂花社区", "东山村"))
    assert list(sheets) == ["葛城街道汇总", "桂花社区", "东山村", "溯源"]
    assert sheets["葛城街道汇总"].rows[2][0] == f"葛城街道办事处{GAP}时间：2023年 6 月 30 日"
    assert sheets["东山村"].rows[2][0].startswith("东山村（社区） ")
    assert sheets["葛城街道汇总"].rows[3:] == sheets["东山村"].rows[3:]


def test_without_figures_it_is_the_printed_form() -> None:
    """Blanks to fill in by hand; nothing is nought that was not counted."""
    village = read(form(FormId.B))["村（社区）"]
    assert village.rows[2][0] == f"__________村（社区）{GAP}时间：    年   月   日"
    assert {row[3] for row in village.rows[3:10]} == {""}


def test_in_json_each_figure_stands_under_its_key() -> None:
    """With the ids that it counts beside it; the key order is that of the form."""
    told = as_json(form_b("桂花社区"))
    assert (told["form"], told["title"]) == ("B", TITLE)
    assert told["sheets"][0]["values"] == FIGURES
    assert list(told["sheets"][0]["values"]) == list(FIGURES)
    assert told["sheets"][0]["keys"] == {"listed": ["H1", "H2"]}
    assert told["trace"]["cutoff"] == "2023-06-01T00:00:00+08:00"

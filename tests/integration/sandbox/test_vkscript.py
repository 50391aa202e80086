"""VKScript in the VK stand-in: what it understands, what it refuses, and what it bounds."""

import time
from typing import Any

import pytest

from sandbox.vk.errors import VkError
from sandbox.vk.vkscript import Script


def run(code: str, **args: str) -> Any:
    """Run a script whose every call answers with its own method and arguments."""
    return Script(code).run(lambda method, values: {"method": method, "n": values.get("n", 0)}, args)


def refusal(code: str) -> tuple[int, str]:
    """Return the code and the text with which a script is refused."""
    with pytest.raises(VkError) as caught:
        run(code)
    return caught.value.code, caught.value.text.partition(": ")[2]


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("return 1;", 1),
        ("return -2.5", -2.5),
        ("return;", None),
        ('return "ё\\u0451\\n";', "ёё\n"),
        ("return 'it\\'s \"so\" \\\\';", 'it\'s "so" \\'),
        ('return [1,true,null,{a:1,"b":[]}];', [1, True, None, {"a": 1, "b": []}]),
        ("return unknown;", None),
        ("return Args.name;", "Анна"),
        ("// why\nreturn /* how */ 1; // so", 1),
        ("var a, b = 2; return [a, b];", [None, 2]),
        ("var a = 1; a = a + 1; return a;", 2),
        ("return API.market.get({n: 2 + 3}).n;", 5),
        ("return API.market.get({}).method;", "market.get"),
        ("return API.market.get();", {"method": "market.get", "n": 0}),
        ("if (1 > 0) { return 1; }", 1),
        ("if (1 < 0) { return 1; }", None),
    ],
)
def test_scripts_are_read(code: str, value: object) -> None:
    assert run(code, name="Анна") == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2 * 3 - 4 / 2", 5),
        ("(1 + 2) * 3", 9),
        ("10 - 3 - 2", 5),
        ("7 / 2", 3.5),
        ("7 % 3", 1),
        ("-7 % 3", -1),
        ("2 * -3", -6),
        ("0.1 + 0.2 > 0.3", True),
        ('"чай" + 5', "чай5"),
        ('"a" + 0.5 + true + null', "a0.5truenull"),
        ('"" + [1, null, "б"]', "1,,б"),
        ("[1] + [2, 3]", [1, 2, 3]),
        ("null + 5", 5),
        ('"7" - 2', 5),
        ("true + true", 2),
        ("9223372036854775807 + 1", 9223372036854775808.0),
    ],
)
def test_arithmetic(expression: str, value: object) -> None:
    assert run(f"return {expression};") == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 < 2 && 2 <= 2 && 3 > 2 && 3 >= 3", True),
        ('"a" < "b"', True),
        ('"10" < 9', False),
        ("1 == 1 && 1 != 2", True),
        ('"1" == 1', True),
        ('"1" === 1', False),
        ('"1" !== 1', True),
        ("null == false", False),
        ("null == unknown", True),
        ("[] == []", False),
        ("!0 && !null && !false", True),
        ('!!"a" && !![]', True),
        ("0 || 5", 5),
        ("0 && 5", 0),
        ("1 > 2 ? 3 : 2 > 1 ? 4 : 5", 4),
        ("null < 0", False),
    ],
)
def test_conditions(expression: str, value: object) -> None:
    assert run(f"return {expression};") == value


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("var a = [1]; a.push(2, 3); return a;", [1, 2, 3]),
        ("var a = [1]; return a.push(2);", 2),
        ("var a = [1, 2]; return [a.pop(), a];", [2, [1]]),
        ("var a = [1, 2]; return [a.shift(), a];", [1, [2]]),
        ("var a = [2]; a.unshift(0, 1); return a;", [0, 1, 2]),
        ("return [[].pop(), [].shift()];", [None, None]),
        ("return [1, 2, 3, 4].slice(1, 3);", [2, 3]),
        ("return [1, 2, 3].slice(-2);", [2, 3]),
        ("return [1, 2, 3].slice(0);", [1, 2, 3]),
        ("var a = [1, 2, 3, 4]; return [a.splice(1, 2, 9), a];", [[2, 3], [1, 9, 4]]),
        ("return [1, 2, 3].indexOf(3);", 2),
        ('return ["1"].indexOf(1);', -1),
        ("return [3, 4][1];", 4),
        ("return [3, 4][2];", None),
        ("var a = []; a[0] = 5; a[1] = 6; a[0] = 7; return a;", [7, 6]),
        ("var a = [1, 2, 3]; delete a[1]; return a;", [1, 3]),
        ('return "чайник".substr(3, 3);', "ник"),
        ('return "чайник".substr(-3);', "ник"),
        ('return "чайник".slice(0, 3);', "чай"),
        ('return "а,б".split(",");', ["а", "б"]),
        ('return "чайник".indexOf("ник") + "чай".indexOf("ё");', 2),
        ('return "чай".length + [1, 2].length;', 5),
        ('return "чай"[1];', "а"),
        ("return [parseInt('12 шт'), parseInt(3.9), parseInt('x')];", [12, 3, 0]),
        ("return [parseDouble('1.5 кг'), parseDouble('x'), parseDouble(2)];", [1.5, 0, 2]),
    ],
)
def test_arrays_texts_and_numbers(code: str, value: object) -> None:
    assert run(code) == value


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("var a = {x: [10, 20]}; return a.x[1];", 20),
        ("var a = {}; a.b = {}; a.b.c = 1; a['d'] = 2; return a;", {"b": {"c": 1}, "d": 2}),
        ("var a = {b: 1, c: 2}; delete a.b; delete a.no; return a;", {"c": 2}),
        ("var a = {b: 1}; var c = a; c.b = 2; return a.b;", 2),
        ("return null.a.b;", None),
        ("return false.count;", None),
        ("var a = [{id: 1}, {id: 2}, 3]; return a@.id;", [1, 2, None]),
        ("var a = {items: [{p: {n: 1}}, {p: {n: 2}}]}; return a.items@.p@.n;", [1, 2]),
        ("return false@.id;", []),
    ],
)
def test_objects_and_columns(code: str, value: object) -> None:
    assert run(code) == value


def test_loops_and_branches() -> None:
    code = """
        var i = 0, even = [], odd = [], big;
        while (i < 6) {
            if (i % 2 == 0) { even.push(i); }
            else if (i > 4) big = i;
            else { odd.push(i); };
            i = i + 1;
        };
        return {even: even, odd: odd, big: big};
    """
    assert run(code) == {"even": [0, 2, 4], "odd": [1, 3], "big": 5}


def test_a_loop_returns_from_inside() -> None:
    assert run("var i = 0; while (true) { i = i + 1; if (i == 7) return i; }") == 7


def test_a_side_that_is_not_chosen_calls_nothing() -> None:
    made: list[str] = []

    def call(method: str, _values: dict[str, Any]) -> int:
        made.append(method)
        return 1

    code = "0 && API.a.and(); 1 || API.a.or(); var b = 1 ? API.a.then() : API.a.no(); return b;"
    Script(code).run(call, {})
    assert made == ["a.then"]


@pytest.mark.parametrize(
    "code",
    [
        "return [1,2;",
        "return {a};",
        "while (true) {}",
        "return API.market({});",
        "return API;",
        "retrun 1;",
        "return 1 2;",
        "var a = 1;",
        'return "open',
        'return "\\q";',
        'return "\\ud800";',
        "return #;",
        "return a?;",
        "return 1e999;",
        "",
        "for (var i = 0; i < 3; i = i + 1) {} return 1;",
        "var i = 0; i++; return i;",
        "var i = 0; i += 1; return i;",
        "while (true) { break; } return 1;",
        "function f() {} return 1;",
        "var API = 1; return 1;",
        "5 = 1; return 1;",
        "delete a; return 1;",
        "return [3, 1].sort();",
        "return 2 ** 3;",
        "return 1 & 2;",
        "if (1) { return 1;",
        "}",
    ],
)
def test_a_script_that_does_not_compile_is_error_12(code: str) -> None:
    assert refusal(code)[0] == 12


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("return null.slice(1);", "Method slice requires an array, null given"),
        ("return 5.5.push(1);", "Method push requires an array, number given"),
        ("return 1 / 0;", "division by zero"),
        ("return 1 % 0;", "division by zero"),
        ('return "a" * 2;', "string is not a number"),
        ("return {} + 1;", "object is not a number"),
        ('return {} + "a";', "object cannot become a text"),
        ('return [[1]] + "a";', "array is too deep for a text"),
        ("var a = {}; return a[[1]];", "array is no key"),
        ("var a = {}; a[{}] = 1; return 1;", "object is no key"),
        ("var a = []; a[5] = 1; return a;", "cannot assign to this element of array"),
        ("var a = null; a.b = 1; return a;", "cannot assign to this element of null"),
        ("return API.users.get(1);", "users.get requires an object"),
        ("return 5@.id;", "@. requires an array, number given"),
    ],
)
def test_a_script_that_fails_as_it_runs_is_error_13(code: str, words: str) -> None:
    assert refusal(code) == (13, words)


CALL = "API.a.b();"


@pytest.mark.parametrize(
    ("code", "made"),
    [
        (CALL * 26 + "return 1;", 0),
        ("if (1) {" + CALL * 26 + "} return 1;", 25),
        ("while (1) {" + CALL + "} return 1;", 25),
        ("var i = 0; while (i < 13) { API.a.b({n: API.a.c()}); i = i + 1; } return 1;", 25),
        ("if (0) {" + CALL * 26 + "} return 1;", None),
        ("return 1 ? 2 : [" + ",".join([CALL[:-1]] * 26) + "];", None),
    ],
)
def test_a_script_makes_25_calls_at_most(code: str, made: int | None) -> None:
    calls: list[str] = []

    def call(method: str, _values: dict[str, Any]) -> int:
        calls.append(method)
        return 1

    if made is None:
        Script(code).run(call, {})
        assert calls == []
        return
    with pytest.raises(VkError) as caught:
        Script(code).run(call, {})
    assert (caught.value.code, len(calls)) == (13, made)
    assert caught.value.text.endswith("too many API calls")


@pytest.mark.parametrize(
    "code",
    [
        "while (true) {} return 1;",
        "while (true); return 1;",
        'var a = "чай"; while (true) { a = a + a; } return 1;',
        "var a = [1]; while (true) { a = a + a; } return 1;",
        "var a = []; while (true) { a.push(a, a, a, a, a, a, a, a); } return 1;",
        'var a = "x"; while (a.length < 200000) { a = a + a; } while (true) { a.split(""); } return 1;',
        'var a = "x"; while (a.length < 200000) { a = a + a; } var b = a + ""; while (a == b) {} return 1;',
        'var a = " 1"; while (a.length < 200000) { a = " " + a + a; } while (true) { a == 1; } return 1;',
        "var a = []; while (a.length < 9000) { a.unshift(1); } while (true) { a.indexOf(2); } return 1;",
        "while (true) { while (true) { while (true) {} } } return 1;",
    ],
)
def test_a_script_that_would_not_end_is_stopped_soon(code: str) -> None:
    started = time.thread_time()
    assert refusal(code) == (13, "too many operations")
    assert time.thread_time() - started < 5


@pytest.mark.parametrize(
    "code",
    [
        f"return {'(' * 20_000}1{')' * 20_000};",
        f"return {'[' * 20_000}{']' * 20_000};",
        f"return {'{a:' * 9_000}1{'}' * 9_000};",
        f"{'{' * 20_000}return 1;{'}' * 20_000}",
        f"{'if (1) ' * 9_000} return 1;",
        f"return {'1 ? 1 : ' * 9_000} 1;",
        f"return a{'[a' * 9_000}{']' * 9_000};",
        f"return {'API.a.b(' * 5_000}{')' * 5_000};",
        f"return {'parseInt(' * 5_000}1{')' * 5_000};",
    ],
)
def test_a_script_that_nests_too_deep_does_not_compile(code: str) -> None:
    assert refusal(code) == (12, "code nests too deep")


@pytest.mark.parametrize(
    ("code", "value"),
    [
        (f"return {'!' * 20_000}true;", True),
        (f"return 1{' + 1' * 9_999};", 10_000),
        (f"return 1{' && 1' * 9_999};", 1),
        (f"return a{'.b' * 20_000};", None),
        (f"{';' * 30_000} return 1;", 1),
        (f"{'/' * 30_000}\nreturn 1;", 1),
        (f"{' ' * 30_000}return 1;", 1),
    ],
)
def test_a_long_script_is_no_deep_one(code: str, value: object) -> None:
    assert run(code) == value


@pytest.mark.parametrize("code", ["/" * 60_000 + "\n#", " " * 60_000 + "#", "/*" * 30_000, "'\\" * 20_000])
def test_bad_text_is_refused_at_once(code: str) -> None:
    started = time.thread_time()
    assert refusal(code)[0] == 12
    assert time.thread_time() - started < 2


@pytest.mark.parametrize(
    "code",
    [
        "var a = 2; while (true) { a = a * a; } return a;",
        "return -1e308 * 10;",
        "var a = 1e308; return a + a;",
    ],
)
def test_numbers_stay_in_the_range_of_a_double(code: str) -> None:
    assert refusal(code) == (13, "number is out of range")
    assert run(f"return parseInt('{'9' * 5000}');") == 10**18 - 1
    assert refusal(f"return {'9' * 5000};")[0] == 12

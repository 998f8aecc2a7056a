"""How PostgreSQL answers a question that it was asked often: by one plan that it keeps for whatever is asked for.

It keeps one after five of a kind, where that plan promises to be as good as those made for the values themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from psycopg import ClientCursor
from sqlalchemy.engine import Connection

NAMED = re.compile(r"%\((\w+)\)s")


def explained(connection: Connection, statement: str, parameters: Mapping[str, Any], how: str = "") -> list[str]:
    """Return the lines of EXPLAIN of the plan kept for a statement, as it was sent to the driver.

    Args:
        connection: to PostgreSQL, within a transaction.
        statement: with its names as `%(name)s`.
        parameters: values by their names.
        how: options of EXPLAIN, in brackets.
    """
    names = list(dict.fromkeys(NAMED.findall(statement)))
    numbered = NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", statement).replace("%%", "%")
    given = f"({', '.join(['%s'] * len(names))})" if names else ""
    raw: Any = connection.connection.dbapi_connection
    with ClientCursor(raw) as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(f"PREPARE kept AS {numbered}")
        plan = cursor.execute(f"EXPLAIN {how} EXECUTE kept {given}", [parameters[name] for name in names]).fetchall()
        cursor.execute("DEALLOCATE kept")
        cursor.execute("SET LOCAL plan_cache_mode = auto")
    return [line for (line,) in plan]

/** Settings that make the engine reckon as SQLite does. */
export const sqliteSettings: readonly string[] = [
  'SET GLOBAL old_implicit_casting = true',
  'SET GLOBAL integer_division = true',
  "SET GLOBAL default_null_order = 'nulls_first_on_asc_last_on_desc'",
];

/** A time value of SQLite as a timestamp: `now`, ISO text, or a Julian day number. */
const moment = `CASE
  WHEN lower(CAST(v AS VARCHAR)) = 'now' THEN CAST(now() AT TIME ZONE 'UTC' AS TIMESTAMP)
  WHEN TRY_CAST(v AS DOUBLE) IS NOT NULL THEN make_timestamp(CAST((TRY_CAST(v AS DOUBLE) - 2440587.5) * 86400000000 AS BIGINT))
  WHEN regexp_full_match(CAST(v AS VARCHAR), '\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?')
    THEN TRY_CAST('2000-01-01 ' || CAST(v AS VARCHAR) AS TIMESTAMP)
  ELSE TRY_CAST(CAST(v AS VARCHAR) AS TIMESTAMP) END`;

/** `+7 days` and `-1 month`; what is no span of time leaves the time as it is. */
const span = (modifier: string): string => `coalesce(TRY_CAST(ltrim(${modifier}, '+') AS INTERVAL), INTERVAL 0 SECOND)`;

/** A time value under one modifier. Zones are not applied: everything is UTC. */
const modified = `CASE
  WHEN m IN ('unixepoch', 'auto') THEN make_timestamp(CAST(TRY_CAST(v AS DOUBLE) * 1000000 AS BIGINT))
  WHEN m LIKE 'start of %' THEN date_trunc(sqlite_unit(m), sqlite_moment(v))
  ELSE sqlite_moment(v) + ${span('m')} END`;

const twice = `CASE
  WHEN n LIKE 'start of %' THEN date_trunc(sqlite_unit(n), sqlite_moment_1(v, m))
  ELSE sqlite_moment_1(v, m) + ${span('n')} END`;

const thrice = `CASE
  WHEN o LIKE 'start of %' THEN date_trunc(sqlite_unit(o), sqlite_moment_2(v, m, n))
  ELSE sqlite_moment_2(v, m, n) + ${span('o')} END`;

/** A function of a time, for one value and for one to three modifiers behind it. */
function ofTime(name: string, before: string, result: (time: string) => string): string {
  const head = before === '' ? '' : `${before}, `;
  const forms = [
    `(${head}v) AS (${result('sqlite_moment(v)')})`,
    `(${head}v, m) AS (${result('sqlite_moment_1(v, m)')})`,
    `(${head}v, m, n) AS (${result('sqlite_moment_2(v, m, n)')})`,
    `(${head}v, m, n, o) AS (${result('sqlite_moment_3(v, m, n, o)')})`,
  ];
  return `CREATE MACRO ${name} ${forms.join(', ')}`;
}

/** The number of a type that a value begins with. */
function numberOf(pattern: string, type: 'BIGINT' | 'DOUBLE'): string {
  const text = "CASE CAST(v AS VARCHAR) WHEN 'true' THEN '1' ELSE CAST(v AS VARCHAR) END";
  return `CASE WHEN v IS NOT NULL THEN coalesce(TRY_CAST(regexp_extract(${text}, '^\\s*(${pattern})', 1) AS ${type}), 0) END`;
}

/** Functions of SQLite and of osquery that the engine does not have, or has with another meaning under the same name. */
export const sqliteMacros: readonly string[] = [
  "CREATE MACRO sqlite_unit(m) AS (CASE WHEN m LIKE 'start of %' THEN m[10:] ELSE 'day' END)",
  `CREATE MACRO sqlite_moment(v) AS (${moment})`,
  `CREATE MACRO sqlite_moment_1(v, m) AS (${modified})`,
  `CREATE MACRO sqlite_moment_2(v, m, n) AS (${twice})`,
  `CREATE MACRO sqlite_moment_3(v, m, n, o) AS (${thrice})`,
  // A cast takes the number that a text begins with, and 0 where there is none; it never rounds.
  `CREATE MACRO sqlite_integer(v) AS (${numberOf('[+-]?\\d+', 'BIGINT')})`,
  `CREATE MACRO sqlite_real(v) AS (${numberOf('[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?', 'DOUBLE')})`,
  `CREATE MACRO sqlite_typeof(v) AS (CASE WHEN v IS NULL THEN 'null' WHEN typeof(v) = 'VARCHAR' THEN 'text' WHEN typeof(v) = 'BLOB' THEN 'blob'
    WHEN typeof(v) LIKE '%INT%' OR typeof(v) = 'BOOLEAN' THEN 'integer' WHEN regexp_matches(typeof(v), '^(DECIMAL|DOUBLE|FLOAT)') THEN 'real' ELSE 'text' END)`,
  "CREATE MACRO sqlite_hex(v) AS (CASE WHEN typeof(v) = 'BLOB' THEN hex(v) ELSE hex(CAST(v AS VARCHAR)) END)",
  "CREATE MACRO quote(v) AS (CASE WHEN v IS NULL THEN 'NULL' WHEN typeof(v) = 'VARCHAR' THEN '''' || replace(CAST(v AS VARCHAR), '''', '''''') || '''' ELSE CAST(v AS VARCHAR) END)",
  'CREATE MACRO sqlite_char(a) AS chr(a), (a, b) AS (chr(a) || chr(b)), (a, b, c) AS (chr(a) || chr(b) || chr(c))',
  'CREATE MACRO likely(v) AS v',
  'CREATE MACRO unlikely(v) AS v',
  ofTime('sqlite_epoch', '', (time) => `CAST(floor(epoch(${time})) AS BIGINT)`),
  ofTime('sqlite_julianday', '', (time) => `epoch(${time}) / 86400.0 + 2440587.5`),
  ofTime('sqlite_datetime', '', (time) => `strftime(${time}, '%Y-%m-%d %H:%M:%S')`),
  ofTime('sqlite_date', '', (time) => `strftime(${time}, '%Y-%m-%d')`),
  ofTime('sqlite_time', '', (time) => `strftime(${time}, '%H:%M:%S')`),
  ofTime('sqlite_strftime', 'f', (time) => `strftime(${time}, f)`),
  'CREATE MACRO iif(c, a, b) AS (CASE WHEN c THEN a ELSE b END), (c, a) AS (CASE WHEN c THEN a END)',
  'CREATE MACRO sqlite_total(x) AS coalesce(sum(x), 0.0)',
  "CREATE MACRO regex_match(s, p, i) AS nullif(regexp_extract(CAST(s AS VARCHAR), p, i), '')",
  "CREATE MACRO osquery_split(s, d, i) AS nullif(list_filter(regexp_split_to_array(CAST(s AS VARCHAR), '[' || regexp_escape(d) || ']'), lambda x: x <> '')[i + 1], '')",
  "CREATE MACRO regex_split(s, p, i) AS list_filter(regexp_split_to_array(CAST(s AS VARCHAR), p), lambda x: x <> '')[i + 1]",
  "CREATE MACRO inet_aton(s) AS (SELECT CASE WHEN len(p) = 4 THEN p[1] * 16777216 + p[2] * 65536 + p[3] * 256 + p[4] END FROM (SELECT list_transform(string_split(CAST(s AS VARCHAR), '.'), lambda x: TRY_CAST(x AS BIGINT)) AS p))",
  'CREATE MACRO from_base64_text(s) AS decode(from_base64(s))',
];

/** Names under which functions are called here; by name and, where only some forms differ, number of arguments. */
export function functionName(name: string, count: number): string {
  if ((name === 'min' || name === 'max') && count > 1) return name === 'min' ? 'least' : 'greatest';
  if (name === 'split' && count === 3) return 'osquery_split';
  // Of one path SQLite gives the value, here a text; of several a list.
  if (name === 'json_extract' && count === 2) return 'json_extract_string';
  return renamed[name] ?? name;
}

const renamed: Readonly<Record<string, string>> = {
  '~~': '~~*',
  '!~~': '!~~*',
  like_escape: 'ilike_escape',
  not_like_escape: 'not_ilike_escape',
  regexp_full_match: 'regexp_matches',
  strftime: 'sqlite_strftime',
  datetime: 'sqlite_datetime',
  julianday: 'sqlite_julianday',
  unixepoch: 'sqlite_epoch',
  total: 'sqlite_total',
  typeof: 'sqlite_typeof',
  hex: 'sqlite_hex',
  format: 'printf',
  from_base64: 'from_base64_text',
};

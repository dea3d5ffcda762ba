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
  ELSE TRY_CAST(CAST(v AS VARCHAR) AS TIMESTAMP) END`;

/** A time value under one modifier. Zones are not applied: everything is UTC. */
const modified = `CASE
  WHEN m IN ('unixepoch', 'auto') THEN make_timestamp(CAST(TRY_CAST(v AS DOUBLE) * 1000000 AS BIGINT))
  WHEN m LIKE 'start of %' THEN date_trunc(sqlite_unit(m), sqlite_moment(v))
  ELSE sqlite_moment(v) + coalesce(TRY_CAST(m AS INTERVAL), INTERVAL 0 SECOND) END`;

const twice = `CASE
  WHEN n LIKE 'start of %' THEN date_trunc(sqlite_unit(n), sqlite_moment_1(v, m))
  ELSE sqlite_moment_1(v, m) + coalesce(TRY_CAST(n AS INTERVAL), INTERVAL 0 SECOND) END`;

/** A function of a time, for one value and for one or two modifiers behind it. */
function ofTime(name: string, before: string, result: (time: string) => string): string {
  const head = before === '' ? '' : `${before}, `;
  const forms = [
    `(${head}v) AS (${result('sqlite_moment(v)')})`,
    `(${head}v, m) AS (${result('sqlite_moment_1(v, m)')})`,
    `(${head}v, m, n) AS (${result('sqlite_moment_2(v, m, n)')})`,
  ];
  return `CREATE MACRO ${name} ${forms.join(', ')}`;
}

/** Functions of SQLite and of osquery that the engine does not have, or has with another meaning under the same name. */
export const sqliteMacros: readonly string[] = [
  "CREATE MACRO sqlite_unit(m) AS (CASE WHEN m LIKE 'start of %' THEN m[10:] ELSE 'day' END)",
  `CREATE MACRO sqlite_moment(v) AS (${moment})`,
  `CREATE MACRO sqlite_moment_1(v, m) AS (${modified})`,
  `CREATE MACRO sqlite_moment_2(v, m, n) AS (${twice})`,
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
  char: 'chr',
  from_base64: 'from_base64_text',
};

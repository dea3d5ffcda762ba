/** Settings that make the engine reckon as SQLite does. */
export const sqliteSettings: readonly string[] = [
  'SET GLOBAL old_implicit_casting = true',
  'SET GLOBAL integer_division = true',
  "SET GLOBAL default_null_order = 'nulls_first_on_asc_last_on_desc'",
  'SET GLOBAL scalar_subquery_error_on_multiple_rows = false',
];

const asText = 'CAST(v AS VARCHAR)';

/** A time value of SQLite as a timestamp: `now`, ISO text with or without a zone, or a Julian day number. */
const moment = `CASE
  WHEN lower(${asText}) = 'now' THEN CAST(now() AT TIME ZONE 'UTC' AS TIMESTAMP)
  WHEN TRY_CAST(v AS DOUBLE) BETWEEN 0 AND 5373484.5 THEN make_timestamp(CAST((TRY_CAST(v AS DOUBLE) - 2440587.5) * 86400000000 AS BIGINT))
  WHEN regexp_full_match(${asText}, '\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?') THEN TRY_CAST('2000-01-01 ' || ${asText} AS TIMESTAMP)
  WHEN regexp_full_match(${asText}, '\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)? *([+-]\\d\\d:\\d\\d|Z)')
    THEN make_timestamp(epoch_us(TRY_CAST(${asText} AS TIMESTAMPTZ)))
  WHEN regexp_matches(${asText}, '^\\d{4}-\\d\\d-\\d\\d') THEN TRY_CAST(${asText} AS TIMESTAMP) END`;

const ofEpoch = 'make_timestamp(CAST(TRY_CAST(v AS DOUBLE) * 1000000 AS BIGINT))';

/** The number of a type that a value begins with. */
function numberOf(pattern: string, type: 'BIGINT' | 'DOUBLE'): string {
  const text = "CASE CAST(v AS VARCHAR) WHEN 'true' THEN '1' ELSE CAST(v AS VARCHAR) END";
  return `CASE WHEN v IS NOT NULL THEN coalesce(TRY_CAST(regexp_extract(${text}, '^\\s*(${pattern})', 1) AS ${type}), 0) END`;
}

const asNumber = `CASE WHEN regexp_full_match(${asText}, '\\s*[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?\\s*') THEN TRY_CAST(v AS DOUBLE) END`;

function orderMacro(nameAndSign: string, otherwise: string): string {
  const [name = '', sign = ''] = nameAndSign.split(' ');
  return `CREATE MACRO sqlite_${name}(n, v) AS (CASE WHEN sqlite_number(v) IS NULL THEN CASE WHEN n IS NOT NULL AND v IS NOT NULL THEN ${otherwise} END ELSE n ${sign} sqlite_number(v) END)`;
}

/** SQLite's name of a type of JSON. */
function jsonType(type: string): string {
  return `CASE ${type} WHEN 'VARCHAR' THEN 'text' WHEN 'DOUBLE' THEN 'real' WHEN 'UBIGINT' THEN 'integer' WHEN 'BIGINT' THEN 'integer' ELSE lower(${type}) END`;
}

/** Functions of SQLite and of osquery that the engine does not have, or has with another meaning under the same name. */
export const sqliteMacros: readonly string[] = [
  `CREATE MACRO sqlite_moment(v) AS (${moment})`,
  `CREATE MACRO sqlite_of_epoch(v) AS (CASE WHEN abs(TRY_CAST(v AS DOUBLE)) < 253402300800 THEN ${ofEpoch} END)`,
  `CREATE MACRO sqlite_of_either(v) AS (CASE WHEN TRY_CAST(v AS DOUBLE) BETWEEN 0 AND 5373484.5 THEN sqlite_moment(v) ELSE sqlite_of_epoch(v) END)`,
  'CREATE MACRO sqlite_moved(t, us) AS (t + to_microseconds(us))',
  // The day stays: the 31st of a month with 30 days is the first of the next.
  "CREATE MACRO sqlite_months(t, n) AS (date_trunc('month', t) + to_months(n) + (t - date_trunc('month', t)))",
  'CREATE MACRO sqlite_weekday(t, n) AS (t + to_days(CAST((n - dayofweek(t) + 7) % 7 AS INTEGER)))',
  "CREATE MACRO sqlite_shift(t, m) AS (t + TRY_CAST(ltrim(CAST(m AS VARCHAR), '+') AS INTERVAL))",
  // A cast takes the number that a text begins with, and 0 where there is none; it never rounds.
  `CREATE MACRO sqlite_integer(v) AS (${numberOf('[+-]?\\d+', 'BIGINT')})`,
  `CREATE MACRO sqlite_real(v) AS (${numberOf('[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?', 'DOUBLE')})`,
  `CREATE MACRO sqlite_typeof(v) AS (CASE WHEN v IS NULL THEN 'null' WHEN typeof(v) = 'VARCHAR' THEN 'text' WHEN typeof(v) = 'BLOB' THEN 'blob'
    WHEN typeof(v) LIKE '%INT%' OR typeof(v) = 'BOOLEAN' THEN 'integer' WHEN regexp_matches(typeof(v), '^(DECIMAL|DOUBLE|FLOAT)') THEN 'real' ELSE 'text' END)`,
  "CREATE MACRO sqlite_hex(v) AS (CASE WHEN typeof(v) = 'BLOB' THEN hex(v) ELSE hex(CAST(v AS VARCHAR)) END)",
  "CREATE MACRO quote(v) AS (CASE WHEN v IS NULL THEN 'NULL' WHEN typeof(v) = 'VARCHAR' THEN '''' || replace(CAST(v AS VARCHAR), '''', '''''') || '''' ELSE CAST(v AS VARCHAR) END)",
  'CREATE MACRO likely(v) AS v',
  'CREATE MACRO unlikely(v) AS v',
  'CREATE MACRO sqlite_epoch(t) AS CAST(floor(epoch(t)) AS BIGINT)',
  'CREATE MACRO sqlite_julianday(t) AS (epoch(t) / 86400.0 + 2440587.5)',
  "CREATE MACRO sqlite_datetime(t) AS strftime(t, '%Y-%m-%d %H:%M:%S')",
  "CREATE MACRO sqlite_date(t) AS strftime(t, '%Y-%m-%d')",
  "CREATE MACRO sqlite_time(t) AS strftime(t, '%H:%M:%S')",
  'CREATE MACRO sqlite_strftime(f, t) AS strftime(t, f)',
  `CREATE MACRO sqlite_number(v) AS (${asNumber})`,
  'CREATE MACRO sqlite_true(v) AS (sqlite_real(v) <> 0)',
  `CREATE MACRO sqlite_text(v) AS (CASE WHEN typeof(v) = 'BOOLEAN' THEN CASE ${asText} WHEN 'true' THEN '1' WHEN 'false' THEN '0' END ELSE ${asText} END)`,
  "CREATE MACRO sqlite_text_or_none(v) AS coalesce(v, '')",
  'CREATE MACRO sqlite_integer_or_0(v) AS coalesce(sqlite_integer(v), 0)',
  'CREATE MACRO sqlite_real_or_0(v) AS coalesce(sqlite_real(v), 0)',
  "CREATE MACRO sqlite_quoted(v) AS coalesce('''' || replace(v, '''', '''''') || '''', 'NULL')",
  // A value as a text that equals another one where SQLite finds a number and a text equal.
  `CREATE MACRO sqlite_key(v) AS (CASE WHEN regexp_full_match(${asText}, '0|-?[1-9]\\d{0,18}') THEN ${asText}
    WHEN floor(sqlite_number(v)) = sqlite_number(v) AND abs(sqlite_number(v)) < 9e15 THEN CAST(CAST(sqlite_number(v) AS BIGINT) AS VARCHAR)
    WHEN sqlite_number(v) IS NOT NULL THEN CAST(sqlite_number(v) AS VARCHAR) ELSE ${asText} END)`,
  // A number beside a text that may read as one; where it does not, the number comes before it.
  ...['less <', 'not_greater <='].map((one) => orderMacro(one, 'TRUE')),
  ...['greater >', 'not_less >='].map((one) => orderMacro(one, 'FALSE')),
  'CREATE MACRO sqlite_always(a, b) AS (CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN TRUE END)',
  'CREATE MACRO sqlite_never(a, b) AS (CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN FALSE END)',
  'CREATE MACRO sqlite_least(a, b) AS (CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN least(a, b) END)',
  'CREATE MACRO sqlite_greatest(a, b) AS (CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN greatest(a, b) END)',
  'CREATE MACRO sqlite_beside_max(v, x) AS (CASE WHEN max(x) IS NULL THEN first(v) ELSE arg_max_null(v, x) END)',
  'CREATE MACRO sqlite_beside_min(v, x) AS (CASE WHEN min(x) IS NULL THEN first(v) ELSE arg_min_null(v, x) END)',
  'CREATE MACRO sqlite_round(v) AS round(v), (v, n) AS round(v, greatest(n, 0))',
  'CREATE MACRO sqlite_unicode(v) AS nullif(unicode(CAST(v AS VARCHAR)), -1)',
  `CREATE MACRO sqlite_json(j, p) AS (CASE json_type(j, p) WHEN 'BOOLEAN' THEN CASE json_extract_string(j, p) WHEN 'true' THEN '1' ELSE '0' END ELSE json_extract_string(j, p) END)`,
  `CREATE MACRO sqlite_json_type(j) AS (${jsonType('json_type(j)')}), (j, p) AS (${jsonType('json_type(j, p)')})`,
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
  if (name === 'split' && count === 3) return 'osquery_split';
  // Of one path SQLite gives the value, here a text; of several a list.
  if (name === 'json_extract' && count === 2) return 'sqlite_json';
  return renamed[name] ?? name;
}

const renamed: Readonly<Record<string, string>> = {
  '~~': '~~*',
  '!~~': '!~~*',
  like_escape: 'ilike_escape',
  not_like_escape: 'not_ilike_escape',
  regexp_full_match: 'regexp_matches',
  total: 'sqlite_total',
  typeof: 'sqlite_typeof',
  hex: 'sqlite_hex',
  round: 'sqlite_round',
  unicode: 'sqlite_unicode',
  json_type: 'sqlite_json_type',
  from_base64: 'from_base64_text',
};

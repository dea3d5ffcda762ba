/** Names that say of themselves that their value is secret. */
const telling =
  /(?:^|[_.-])(?:pass(?:w(?:or)?d|phrase|code)?|pwd|secrets?|tokens?|api_?keys?|access_?keys?|private_?keys?|secret_?keys?|account_?keys?|auth_?keys?|encryption_?keys?|signing_?keys?|master_?keys?|credentials?|client_?secret)(?:$|[_.-])/i;
const joined = /(?:password|passwd|secretkey|apikey|accesskey|privatekey|authtoken|accesstoken|clientsecret)$/i;
/** The value is where to find it, how long it is, whether it is asked for. */
const notItself =
  /(?:_file|_path|_dir|_url|_uri|_host|_name|_id|_length|_len|_min|_max|_ttl|_expiry|_expiration|_timeout|_policy|_type|_method|_header|_prefix|_suffix|_field|_enabled|_required|_version|_user|_username|_algorithm|_hash|_salt_rounds|_sha256|_sha512|_md5|_checksum|_arn|_ref|_store|_provider)$/i;
const placeholder =
  /^(?:|\$.*|\{\{.*\}\}|<.*>|%.*%|x+|\*+|\.+|-+|none|null|nil|undefined|true|false|yes|no|on|off|\d{1,3}|changeme|change[_-]?me|your[_-].*|my[_-]?(?:password|secret|token|key)|example|placeholder|redacted|todo|tbd|enter.*|insert.*|replace.*|dummy|fake|test|sample|default)$/i;

/** Whether a variable holds a secret: its name says so, and its value is one and not a place holder or the way to it. */
export function isSecretVariable(name: string, value: string): boolean {
  const trimmed = value.trim().replace(/^(["'])(.*)\1$/, '$2');
  if (placeholder.test(trimmed) && !/^(?:changeme|default|test)$/i.test(trimmed)) return false;
  if (trimmed.length < 3 || /^(?:\/|\.\.?\/|file:|https?:\/\/[^@]*$|arn:|vault:)/i.test(trimmed)) return false;
  return (telling.test(name) || joined.test(name)) && !notItself.test(name);
}

/** A value with all but its ends hidden: enough to find it again, too little to use it. */
export function masked(value: string): string {
  const shown = value.length >= 16 ? 4 : Math.floor(value.length / 6);
  return `${value.slice(0, shown)}…(${value.length} characters)`;
}

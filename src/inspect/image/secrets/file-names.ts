/** Files that hold secrets by their name, with what they are. */
const names: readonly (readonly [form: RegExp, what: string])[] = [
  [/(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)$/, 'a private key of SSH'],
  [/(?:^|\/)\.env(?:\.(?:local|prod|production|staging|dev|development))?$/, 'variables of an environment'],
  [/(?:^|\/)credentials?(?:\.(?:json|ya?ml|xml|txt|csv))?$/i, 'credentials'],
  [/(?:^|\/)secrets?(?:\.(?:json|ya?ml|xml|txt|env|toml))?$/i, 'secrets'],
  [/(?:^|\/)\.aws\/(?:credentials|config)$/, 'keys of AWS'],
  [/(?:^|\/)\.docker\/config\.json$/, 'logins of registries'],
  [/(?:^|\/)\.(?:npmrc|pypirc|netrc|pgpass|my\.cnf|htpasswd|git-credentials)$/, 'logins'],
  [/(?:^|\/)(?:\.kube\/config|kubeconfig)$/, 'the way into a cluster'],
  [/(?:^|\/)(?:service-?account|gcp-?key|application_default_credentials)[\w-]*\.json$/i, 'keys of a cloud'],
  [/\.(?:pfx|p12|jks|keystore|kdbx|ppk)$/i, 'a store of keys'],
  [/(?:^|\/)(?:[\w-]*private[\w-]*|server|tls|ssl)[.-]?key(?:\.pem)?$/i, 'a private key'],
  [/\.key$/i, 'a key'],
  [/(?:^|\/)(?:terraform\.tfstate|terraform\.tfvars)$/, 'the state of a cloud'],
];

/** What kind of secret a file holds by its name; undefined for other names, and for examples. */
export function secretFileName(path: string): string | undefined {
  if (/example|sample|template|\.dist$|\.pub$/i.test(path)) return undefined;
  return names.find(([form]) => form.test(path))?.[1];
}

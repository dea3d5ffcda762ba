/** Top-level items of a rules file, at the beginning of a line. */
const items = /^- (?:rule|macro|list|required_engine_version|required_plugin_versions):/m;

/** A YAML sequence of Falco's items. */
export function detectFalco(name: string, text: string): 0 | 1 | 2 | 3 {
  if (items.test(text)) return 3;
  const isYaml = /\.ya?ml$/i.test(name);
  return isYaml && /^\s*-\s*\{?\s*"?(?:rule|macro|list)"?\s*:/m.test(text) ? 2 : 0;
}

import type { NamedPackage, NameReader } from '../../named-packages.ts';

const maxLineLength = 2048;
const pinnedPattern =
  /^(?<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*={2,3}\s*(?<version>[^\s;#,*]+)\s*(?:[;#]|--|\\|$)/;
/** `name @ https://host/name-1.0-py3-none-any.whl`: the archive is called after its version. */
const addressPattern =
  /^(?<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*@\s*\S*\/[\w.]+-(?<version>\d[\w.!+]*)(?:-[\w.-]*\.whl|\.tar\.gz|\.zip)(?:[#\s;]|$)/;

/** What one requirement names, when it allows one version only; undefined for a range, an option or a comment. */
export function parseRequirement(line: string): NamedPackage | undefined {
  // The patterns are only quick on lines of a length that people write.
  if (line.length > maxLineLength) return undefined;
  const trimmed = line.trim();
  const { name, version } = (pinnedPattern.exec(trimmed) ?? addressPattern.exec(trimmed))?.groups ?? {};
  return name === undefined || version === undefined ? undefined : { name, version };
}

/**
 * Requirements with one exact version, as `pip freeze` writes them (pip.pypa.io, requirements-file-format). A range says what may be
 * installed and not what is: it names nothing here. Options, comments, markers, extras and hashes are passed over.
 */
export const readRequirements: NameReader = function* readRequirements(text) {
  for (const line of text.split('\n')) {
    const one = parseRequirement(line);
    if (one !== undefined) yield one;
  }
};

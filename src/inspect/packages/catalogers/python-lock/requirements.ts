import type { NameReader } from '../../named-packages.ts';

const maxLineLength = 2048;

/**
 * Requirements with one exact version, as `pip freeze` writes them (pip.pypa.io, requirements-file-format). A range says what may be
 * installed and not what is: it names nothing here. Options, comments, markers, extras and hashes are passed over.
 */
export const readRequirements: NameReader = function* readRequirements(text) {
  const pattern =
    /^(?<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*={2,3}\s*(?<version>[^\s;#,*]+)\s*(?:[;#]|--|\\|$)/;
  for (const line of text.split('\n')) {
    // The pattern is only quick on lines of a length that people write.
    if (line.length > maxLineLength) continue;
    const { name, version } = pattern.exec(line.trim())?.groups ?? {};
    if (name !== undefined && version !== undefined) yield { name, version };
  }
};

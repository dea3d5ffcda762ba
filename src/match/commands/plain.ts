import { filledIn } from './variables.ts';

/** A text with the tricks taken out that a shell undoes: `c""url`, `c\url`, `${IFS}`, `$'\x63'`, variables, continued lines. */
export function plainText(text: string): string {
  // Before, for `$a''b` is no variable `ab`; and after, for what a variable was set to may have been quoted in pieces.
  return filledIn(withoutQuotes(filledIn(text)));
}

function withoutQuotes(text: string): string {
  return (
    text
      .replaceAll(/\\\r?\n/g, ' ')
      .replaceAll(/\$\{IFS[^}\n]{0,20}\}|\$IFS(?:\$\d)?/g, ' ')
      .replaceAll(/\$'(?<inner>[^'\n]{1,4096})'/g, (_all, inner: string) => unescape(inner))
      .replaceAll(/(?<=\w)(?:""|'')(?=\w)/g, '')
      .replaceAll(/(?<=\w)\\(?=[a-z])/g, '')
      .replaceAll(/\$\{?@\}?(?=\w)/g, '')
      // Pieces of text that Python, JavaScript or PHP put together: 'cu' + 'rl', "cu" . "rl".
      .replaceAll(/(?<=[\w /+=])(?:' ?[+.] ?'|" ?[+.] ?")(?=[\w /+=])/g, '')
  );
}

function unescape(text: string): string {
  return text
    .replaceAll(/\\x(?<hex>[0-9a-fA-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll(/\\(?<octal>[0-7]{3})/g, (_all, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8) & 0xff),
    );
}

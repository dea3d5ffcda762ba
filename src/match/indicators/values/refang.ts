/** Ways in which reports make a value harmless, each with what it stands for. */
const replacements: readonly (readonly [RegExp, string])[] = [
  [/[[({]\s?(?:\.|dot)\s?[\])}]/gi, '.'],
  [/\[\.|\.\]/g, '.'],
  [/\\\./g, '.'],
  [/[[({]\s?(?:@|at)\s?[\])}]/gi, '@'],
  [/\[:\/\/\]/g, '://'],
  [/\[:\]/g, ':'],
  [/[[({]\/[\])}]/g, '/'],
  [/^(?:hxxp|hxtp|htxp|meow|h\*\*p)(?=s?:)/i, 'http'],
  [/^fxp(?=s?:)/i, 'ftp'],
];

/** Undoes `hxxp://evil[.]example`, `evil(dot)example`, `user[at]host` and their like. A bracketed IPv6 address stays. */
export function refang(text: string): string {
  if (!mayBeDefanged(text)) return text;
  let result = text;
  for (const [pattern, plain] of replacements) result = result.replace(pattern, plain);
  return result;
}

function mayBeDefanged(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 91 || code === 93 || code === 40 || code === 123 || code === 92) return true;
  }
  return /^(?:h..p|meow|fxp)s?:/i.test(text) && !/^https?:/i.test(text);
}

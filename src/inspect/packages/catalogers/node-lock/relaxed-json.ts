/** JSON that may have comments and commas before a closing bracket. Throws as `JSON.parse` does. */
export function parseRelaxedJson(text: string): unknown {
  const tokens = /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[^]*?\*\/|,(?=\s*[}\]])/g;
  return JSON.parse(text.replace(tokens, (token) => (token.startsWith('"') ? token : '')));
}

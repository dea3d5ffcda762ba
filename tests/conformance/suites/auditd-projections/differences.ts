/** The first place where two JSON values differ, with both sides; undefined when they are equal. */
export function difference(got: unknown, want: unknown, path = ''): { got: string; want: string } | undefined {
  if (isObject(got) && isObject(want)) {
    for (const name of new Set([...Object.keys(want), ...Object.keys(got)])) {
      const found = difference(got[name], want[name], `${path}.${name}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (Array.isArray(got) && Array.isArray(want) && got.length === want.length) {
    for (const [index, member] of want.entries()) {
      const found = difference(got[index], member, `${path}[${index}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const [left, right] = [JSON.stringify(got), JSON.stringify(want)];
  return left === right ? undefined : { got: `${path} ${left}`, want: `${path} ${right}` };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

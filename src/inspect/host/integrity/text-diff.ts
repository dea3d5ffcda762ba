/** Lines on either side that are compared with each other; longer middles are told by number. */
const maxCompared = 400;
const maxShown = 40;

/**
 * The lines that went (`-`) and came (`+`), in order, at most 40: what stands before and after the difference is left out.
 */
export function diffLines(before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  const [left, right] = [old.slice(start, old.length - end), now.slice(start, now.length - end)];
  if (left.length > maxCompared || right.length > maxCompared) {
    return [`${left.length} lines became ${right.length} from line ${start + 1} on`];
  }
  const lines = edits(left, right);
  if (lines.length <= maxShown) return lines;
  return [...lines.slice(0, maxShown), `and ${lines.length - maxShown} more lines`];
}

/** By the longest common subsequence. */
function edits(left: readonly string[], right: readonly string[]): string[] {
  const width = right.length + 1;
  const common = new Uint16Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      const isSame = left[i] === right[j];
      const below = common[(i + 1) * width + j] ?? 0;
      const beside = common[i * width + j + 1] ?? 0;
      common[i * width + j] = isSame ? (common[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(below, beside);
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      i++;
      j++;
    } else if (
      j >= right.length ||
      (i < left.length && (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    ) {
      lines.push(`-${left[i++]}`);
    } else lines.push(`+${right[j++]}`);
  }
  return lines;
}

/** What depends on what, by keys that the caller chooses. */
export interface DependencyGraph {
  /** Keys that an entry needs; unknown keys are passed over. */
  needsOf(key: string): Iterable<string>;
}

/** Every key that can be reached from the roots, roots included. */
export function reachable(graph: DependencyGraph, roots: Iterable<string>): Set<string> {
  const reached = new Set<string>(roots);
  const open = [...reached];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    for (const need of graph.needsOf(key)) {
      if (reached.has(need)) continue;
      reached.add(need);
      open.push(need);
    }
  }
  return reached;
}

/** Says of a key whether only development needs it: development reaches it and production does not. */
export function developmentOnly(
  graph: DependencyGraph,
  roots: { readonly production: Iterable<string>; readonly development: Iterable<string> },
): (key: string) => boolean {
  const production = reachable(graph, roots.production);
  const development = reachable(graph, roots.development);
  return (key) => development.has(key) && !production.has(key);
}

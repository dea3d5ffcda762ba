import type { Reference } from '../../check.ts';

/**
 * Recommendations of the CIS Docker Benchmark by their numbers in 1.6. Those of 1.7 are the same; 1.8 (July 2025) put one in as 2.7, so that
 * what was 2.7 to 2.18 has the next number there.
 */
export function cis(...ids: readonly string[]): readonly Reference[] {
  const moved = ids.flatMap((id) => {
    const number = Number(/^2\.(?<number>\d+)$/.exec(id)?.groups?.['number'] ?? 0);
    return number < 7 ? [] : [`2.${number + 1}`];
  });
  return [
    ...ids.map((id) => ({ of: 'CIS Docker 1.6' as const, id })),
    ...moved.map((id) => ({ of: 'CIS Docker 1.8' as const, id })),
  ];
}

/** A recommendation of the CIS Kubernetes Benchmark 1.10, section 5 (policies). */
export function cisKubernetes(...ids: readonly string[]): readonly Reference[] {
  return ids.map((id) => ({ of: 'CIS Kubernetes 1.10', id }));
}

/** A level of the Pod Security Standards that forbids it. */
export function podSecurity(id: 'baseline' | 'restricted'): readonly Reference[] {
  return [{ of: 'Pod Security Standards', id }];
}

/** A weakness of the Common Weakness Enumeration. */
export function cwe(id: number): readonly Reference[] {
  return [{ of: 'CWE', id: `CWE-${id}` }];
}

export function docs(url: string): readonly Reference[] {
  return [{ of: 'docs', id: url }];
}

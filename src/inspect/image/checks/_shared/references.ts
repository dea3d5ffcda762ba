import type { Reference } from '../../check.ts';

/** A recommendation of the CIS Docker Benchmark 1.6. */
export function cis(...ids: readonly string[]): readonly Reference[] {
  return ids.map((id) => ({ of: 'CIS Docker 1.6', id }));
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

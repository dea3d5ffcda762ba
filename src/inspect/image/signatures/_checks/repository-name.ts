import { parseReference } from '../../reference.ts';

/** Registry and repository of a name in any of the ways to write it; what is no name stays as it is. */
export function repositoryOf(name: string): string {
  try {
    const { registry, repository } = parseReference(name);
    return `${registry}/${repository}`;
  } catch {
    return name;
  }
}

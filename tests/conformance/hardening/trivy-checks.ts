import { trivyDocker, trivyKubernetes } from '../../../tools/reference/peer-checks/trivy.ts';

/** Ids of our checks; undefined for what we have no check for. Newer trivy writes `KSV-0001` for `KSV001`. */
export function checksMeaning(id: string): readonly string[] | undefined {
  const written = id.replace(/-0?/, '');
  const found = [...trivyDocker, ...trivyKubernetes].find(({ ids }) => ids.includes(written));
  return found === undefined || found.ours.length === 0 ? undefined : found.ours;
}

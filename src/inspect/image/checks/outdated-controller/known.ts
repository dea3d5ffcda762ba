/** A program of clusters with a hole that is known to be used, or is used by sending it one request. */
export interface KnownHole {
  readonly id: string;
  readonly name: string;
  /** The repository of its image, without registry, tag and digest. */
  readonly image: RegExp;
  /** First release with the hole; all before the repair have it where there is none. */
  readonly since?: string;
  /** The first release without it, of each branch that was mended, in their order. */
  readonly fixed: readonly string[];
  /** End of a sentence that begins `in which`. */
  readonly what: string;
}

/** From the advisories of the projects. */
export const knownHoles: readonly KnownHole[] = [
  {
    id: 'CVE-2025-1974',
    name: 'ingress-nginx',
    image: /(?:^|\/)(?:ingress-nginx\/controller|nginx-ingress-controller|controller-chroot)(?:-chroot)?$/,
    fixed: ['1.11.5', '1.12.1'],
    what: 'whoever is in the network of the pods runs programs in the controller, and reads all secrets',
  },
  {
    id: 'CVE-2022-24348',
    name: 'Argo CD',
    image: /(?:^|\/)argoproj\/argocd$/,
    fixed: ['2.1.9', '2.2.4', '2.3.0'],
    what: 'a chart reads files of other applications',
  },
  {
    id: 'CVE-2022-39328',
    name: 'Grafana',
    image: /(?:^|\/)grafana\/grafana(?:-oss|-enterprise)?$/,
    since: '9.2.0',
    fixed: ['9.2.4'],
    what: 'requests are answered without a name',
  },
  {
    id: 'CVE-2021-43798',
    name: 'Grafana',
    image: /(?:^|\/)grafana\/grafana(?:-oss|-enterprise)?$/,
    since: '8.0.0',
    fixed: ['8.0.7', '8.1.8', '8.2.7', '8.3.1'],
    what: 'anybody reads files of the container',
  },
  {
    id: 'CVE-2022-47633',
    name: 'Kyverno',
    image: /(?:^|\/)kyverno\/kyverno$/,
    since: '1.8.3',
    fixed: ['1.8.5'],
    what: 'images that nobody signed are let in',
  },
  {
    id: 'CVE-2025-14847',
    name: 'MongoDB',
    image: /(?:^|\/)(?:library\/)?mongo(?:db-(?:community|enterprise)-server)?$/,
    since: '3.6.0',
    fixed: ['4.4.30', '5.0.32', '6.0.27', '7.0.28', '8.0.17', '8.2.3'],
    what: 'anybody reads pieces of its memory',
  },
];

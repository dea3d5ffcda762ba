/** A way out of containers that was found in a component. */
export interface KnownEscape {
  readonly id: string;
  readonly component: 'engine' | 'containerd' | 'runc';
  /** First good release of each branch that was mended, the newest last: it counts for all other branches. */
  readonly fixed: readonly string[];
  /** End of a sentence that begins `in which`. */
  readonly what: string;
}

/** The ones that are made use of, by the advisories of their projects. */
export const escapes: readonly KnownEscape[] = [
  { id: 'CVE-2019-5736', component: 'runc', fixed: ['1.0.0'], what: 'a container can write over runc on the host' },
  {
    id: 'CVE-2021-30465',
    component: 'runc',
    fixed: ['1.0.0'],
    what: 'a mount can be led out of the container by links',
  },
  {
    id: 'CVE-2024-21626',
    component: 'runc',
    fixed: ['1.1.12'],
    what: 'a container can get at the file system of the host through a descriptor left open',
  },
  {
    id: 'CVE-2025-31133',
    component: 'runc',
    fixed: ['1.2.8', '1.3.3'],
    what: 'masked paths can be exchanged for links, and /proc of the host be written to',
  },
  {
    id: 'CVE-2020-15257',
    component: 'containerd',
    fixed: ['1.3.9', '1.4.3'],
    what: 'the shim can be called from the host network',
  },
  {
    id: 'CVE-2022-23648',
    component: 'containerd',
    fixed: ['1.4.13', '1.5.10', '1.6.1'],
    what: 'an image can read files of the host',
  },
  {
    id: 'CVE-2024-41110',
    component: 'engine',
    fixed: ['23.0.15', '25.0.6', '26.1.5', '27.1.1'],
    what: 'authorization plug-ins can be gone around',
  },
];

/** Releases of Docker Engine and the day on which its makers stopped mending them (endoflife.date, August 2026). */
export const engineEndOfLife: readonly { readonly cycle: string; readonly on: string }[] = [
  { cycle: '28', on: '2026-05-13' },
  { cycle: '27', on: '2025-05-03' },
  { cycle: '26.1', on: '2025-02-17' },
  { cycle: '26.0', on: '2024-06-08' },
  { cycle: '24.0', on: '2024-06-08' },
  { cycle: '23.0', on: '2025-05-19' },
  { cycle: '20.10', on: '2023-12-10' },
  { cycle: '19.03', on: '2021-01-08' },
  { cycle: '18.09', on: '2019-08-22' },
  { cycle: '18.06', on: '2018-12-08' },
];

import { messageOf } from '../../../../base/errors.ts';
import { parseYamlStream } from '../../../../base/yaml-parse.ts';
import { filesAt, filesIn, readText } from '../../locations.ts';
import { pathSigns } from '../../../../match/commands/paths.ts';
import { defineTechnique, type Sign } from '../../technique.ts';

const folders = [
  '/etc/kubernetes/manifests',
  '/var/lib/rancher/k3s/server/manifests',
  '/var/lib/rancher/rke2/agent/pod-manifests',
  '/etc/kubelet.d',
  '/var/lib/kubelet/manifests',
];
/** What kubeadm, k3s and rke2 put there. They use the network of the host and folders below /etc/kubernetes. */
const usualNames =
  /\/(?:kube-(?:apiserver|controller-manager|scheduler|proxy)|etcd|cloud-controller-manager|coredns|ccm|local-storage|rolebindings|runtimes|traefik|metrics-server|kube-vip|haproxy|keepalived)\.ya?ml$/;
const kubeletFiles = [
  '/var/lib/kubelet/config.yaml',
  '/etc/kubernetes/kubelet.yaml',
  '/var/lib/kubelet/kubeadm-flags.env',
  '/etc/default/kubelet',
  '/etc/sysconfig/kubelet',
  '/etc/systemd/system/kubelet.service',
  '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf',
  '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf',
];
const maxDepth = 24;

export const technique = defineTechnique({
  id: 'static-pod',
  title: 'Pods that the kubelet starts by itself',
  description:
    "Manifests that the kubelet of a node runs without asking the cluster, and so without its policies: privileged ones, ones that share the host's namespaces or mount its folders, and ones with a name that no installer uses.",
  places: folders.map((folder) => `${folder}/*`),
  attack: ['T1543.005'],
  guide: ['C09'],
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/',
    'https://attack.mitre.org/techniques/T1543/005/',
  ],
  *find({ tree }) {
    const more = kubeletFolders([...filesAt(tree, kubeletFiles)].map(({ path }) => readText(tree, path)));
    for (const { path } of filesIn(
      tree,
      [...folders, ...more],
      (name) => /\.(?:ya?ml|json)$/.test(name) || !name.includes('.'),
    )) {
      const signs = new Map<string, Sign>();
      lookAt(readText(tree, path), signs);
      const isUsual = usualNames.test(path);
      // The parts of a cluster use the network of the host and their own folders; nothing makes them privileged or hold all of it.
      const kept = [...signs.values()].map((sign) => (isUsual && sign.weight < 0.3 ? { ...sign, weight: 0 } : sign));
      const name = isUsual ? [] : [{ what: 'has a name that no installer uses', value: path, weight: 0.2 }];
      yield {
        path,
        title: 'static pod',
        user: 'root',
        unowned: 0.1,
        signs: [...kept, ...name, ...pathSigns(path, '')],
      };
    }
  },
});

/** Where the kubelet is told to look: in its settings, or by an option of its unit. */
function kubeletFolders(texts: readonly string[]): string[] {
  return texts.flatMap(
    (text) =>
      /(?:^staticPodPath:\s{0,20}|--pod-manifest-path[= ])["']?(?<path>\/[^\s"']{1,4096})/m.exec(text)?.groups?.[
        'path'
      ] ?? [],
  );
}

function lookAt(text: string, signs: Map<string, Sign>): void {
  try {
    for (const document of parseYamlStream(text, { uniqueKeys: false })) {
      const [error] = document.errors;
      if (error !== undefined) throw error;
      look(document.toJS({ maxAliasCount: 100 }) as unknown, '', signs, 0);
    }
  } catch (error) {
    // The kubelet may read what we cannot: what is hidden so is said.
    signs.set('unread', { what: 'is no YAML that can be read', value: messageOf(error).slice(0, 200), weight: 0.1 });
  }
}

/** Keys of a pod that make it a part of the host, wherever they stand. */
function look(value: unknown, key: string, signs: Map<string, Sign>, depth: number): void {
  const add = (what: string, shown: string, weight: number): void => {
    signs.set(`${what}${shown}`, { what, value: shown, weight });
  };
  if (value === true && key === 'privileged') add('is privileged', key, 0.5);
  if (value === true && (key === 'hostPID' || key === 'hostIPC' || key === 'hostNetwork')) {
    add('shares a namespace with the host', key, key === 'hostPID' ? 0.35 : 0.1);
  }
  if (depth > maxDepth || typeof value !== 'object' || value === null) return;
  if (key === 'hostPath') {
    const path = (value as { readonly path?: unknown }).path;
    if (typeof path === 'string') {
      const isWhole =
        /^\/(?:$|etc\/?$|root|proc|var\/run\/(?:docker|containerd)|run\/(?:docker|containerd)|var\/lib\/kubelet\/?$|home)/.test(
          path,
        );
      add('holds folders of the host', path, isWhole ? 0.5 : 0.1);
    }
  }
  for (const [name, inner] of Object.entries(value)) look(inner, Array.isArray(value) ? key : name, signs, depth + 1);
}

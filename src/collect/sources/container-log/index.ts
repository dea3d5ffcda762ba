import { defineSource } from '../../source.ts';
import { decode } from './decode.ts';
import { detect } from './detect.ts';

export const source = defineSource({
  id: 'container-log',
  title: 'Container logs',
  description:
    "What containers write to standard output and error, as the engines keep it: Docker's json-file, and the text lines of containerd, CRI-O (CRI) and podman (k8s-file). Pieces of long lines are joined. The file's name tells the container, the pod and its namespace; access lines of web servers tell the client. The local, journald and syslog drivers are not read.",
  references: [
    'https://docs.docker.com/engine/logging/drivers/json-file/',
    'https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md',
    'https://docs.podman.io/en/latest/markdown/podman-run.1.html',
  ],
  guide: ['C14', 'B04', 'B22'],
  emits: ['log'],
  detect,
  decode,
});

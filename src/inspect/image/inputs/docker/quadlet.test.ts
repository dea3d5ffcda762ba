import { expect, it } from 'vitest';
import { MemoryTree } from '../../../../../tests/support/memory-tree.ts';
import { CheckRun } from '../../check-run.ts';

const unit = `[Unit]
Description=Web

[Container]
Image=registry.example/shop:1.4
# Network=none
AddCapability=CAP_SYS_ADMIN NET_ADMIN
Volume=/etc:/host/etc:ro
Volume=data:/data
PublishPort=8080:80
PublishPort=127.0.0.1:9000:9000
Environment=MODE=x "DB_PASSWORD=hunter2-hunter2"
Network=host
SeccompProfile=unconfined
SecurityLabelDisable=true
PodmanArgs=--uts=host \\
  --privileged=false --memory 512m

[Service]
Restart=always
`;

it('a unit of Quadlet is a container of podman, judged line by line', () => {
  const run = new CheckRun({ now: 0 });
  run.addPath(new MemoryTree({ '/q/web.container': unit }), '/q/web.container');
  const { claims, problems } = run.finish('q');
  expect(problems).toEqual([]);
  const told = new Map(claims.map(({ detector, sentence, line }) => [detector, `${line} ${sentence}`]));
  const lines = Object.fromEntries([...told].map(([detector, text]) => [detector, Number.parseInt(text, 10)]));
  expect(lines).toMatchObject({
    'checks/host-path': 8,
    'checks/secret-in-environment': 12,
    'checks/host-network': 13,
    'checks/seccomp-off': 14,
    'checks/selinux-off': 15,
    'checks/host-uts': 16,
    'checks/dangerous-capabilities': 7,
  });
  expect(told.get('checks/host-uts')).toContain('container web ');
  const absent = ['privileged', 'no-memory-limit', 'no-pids-limit', 'root-user'];
  expect(absent.filter((check) => told.has(`checks/${check}`))).toEqual([]);
});

it('an empty setting takes back those before it', () => {
  const run = new CheckRun({ now: 0 });
  const text = '[Container]\nImage=x@sha256:ab\nVolume=/etc:/etc\nVolume=\nUser=root\n';
  run.addPath(new MemoryTree({ '/q/a.container': text }), '/q');
  const detectors = run.finish('q').claims.map(({ detector }) => detector);
  expect(detectors).not.toContain('checks/host-path');
  expect(detectors).toContain('checks/root-user');
});

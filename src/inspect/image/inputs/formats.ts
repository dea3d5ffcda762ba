import { messageOf } from '../../../base/errors.ts';
import { isIptablesSave, readIptablesSave } from '../../exposure/iptables.ts';
import { isIpsetSave, readIpsetSave } from '../../exposure/ipset.ts';
import { isNftJson, readNftJson } from '../../exposure/nft-json.ts';
import { isNftRuleset, readNftRuleset } from '../../exposure/nftables.ts';
import { isSocketList, readListeningSockets } from '../../exposure/sockets.ts';
import { isUfwStatus, readUfwStatus } from '../../exposure/ufw.ts';
import { isAuditRules, readAuditRules } from './audit-rules.ts';
import { isBuildFile, readBuildFile } from './build-file.ts';
import { isCompose, workloadsOfCompose } from './compose/services.ts';
import type { Cursor } from './cursor.ts';
import { isContainer, workloadOfContainer } from './docker/container.ts';
import { engineOfSettings, isDaemonSettings } from './docker/daemon.ts';
import {
  engineOfInfo,
  engineOfNetwork,
  engineOfVersion,
  isEngineInfo,
  isEngineVersion,
} from './docker/engine-reports.ts';
import { enginesOfProcesses, isProcessList } from './docker/processes.ts';
import { isContainerUnit, workloadOfUnit } from './docker/quadlet.ts';
import { engineOfUnit, isEngineUnit } from './docker/unit.ts';
import { imageOfConfig, isImageConfig } from './docker/image-config.ts';
import { isNetwork, outerNetworkOf } from './docker/network.ts';
import { groupMembers, isGroupFile } from './group-file.ts';
import { clusterObjects, isClusterObject } from './kubernetes/object.ts';
import { podOf } from './kubernetes/pod.ts';
import { workloadsOfPod } from './kubernetes/workloads.ts';
import type { SceneParts } from './scene-parts.ts';

/** A format of plain text, told by the name of its file or by its first lines. */
export interface TextFormat {
  readonly title: string;
  accepts(name: string, text: string): boolean;
  read(path: string, text: string, parts: SceneParts): void;
}

/** A format of YAML or JSON, told by what is in a document. */
export interface DocumentFormat {
  readonly title: string;
  accepts(document: Cursor): boolean;
  read(document: Cursor, parts: SceneParts): void;
}

/** The first one that accepts reads. */
export const textFormats: readonly TextFormat[] = [
  {
    title: 'Dockerfile or Containerfile',
    accepts: isBuildFile,
    read: (path, text, parts) => {
      const build = readBuildFile(text, path);
      if (build === undefined) {
        parts.problems.add({ code: 'bad-record', at: { path }, message: 'no FROM instruction, or longer than 1 MiB' });
        return;
      }
      parts.builds.push(build);
      for (const at of build.unended) {
        const message = 'a here-document that does not end: what follows it was not read as instructions';
        parts.problems.add({ code: 'bad-record', at, message });
      }
    },
  },
  {
    title: 'units of Quadlet (`*.container`)',
    accepts: isContainerUnit,
    read: (path, text, parts) => parts.addWorkloads([workloadOfUnit(text, path)]),
  },
  {
    title: 'iptables-save',
    accepts: (_name, text) => isIptablesSave(text),
    read: (path, text, parts) => parts.firewalls.push({ path, firewall: readIptablesSave(text) }),
  },
  {
    title: 'ipset save',
    accepts: (_name, text) => isIpsetSave(text),
    read: (_path, text, parts) => {
      for (const [name, set] of readIpsetSave(text)) parts.ipSets.set(name, set);
    },
  },
  {
    title: 'nft list ruleset',
    accepts: (_name, text) => isNftRuleset(text),
    read: (path, text, parts) => {
      for (const firewall of readNftRuleset(text)) parts.firewalls.push({ path, firewall });
    },
  },
  {
    title: 'nft -j list ruleset',
    accepts: (_name, text) => isNftJson(text),
    read: readNftJsonInto,
  },
  {
    title: 'ufw status',
    accepts: (_name, text) => isUfwStatus(text),
    read: (path, text, parts) => parts.ufw.push({ path, status: readUfwStatus(text) }),
  },
  {
    title: 'ss -tulnp',
    accepts: (_name, text) => isSocketList(text),
    read: (path, text, parts) => parts.sockets.push({ path, sockets: readListeningSockets(text) }),
  },
  {
    title: 'systemd unit of an engine',
    accepts: (_name, text) => isEngineUnit(text),
    read: (path, text, parts) => parts.engineSettings.push(...engineOfUnit(text, path)),
  },
  {
    title: 'ps -ef, ps aux',
    accepts: (_name, text) => isProcessList(text),
    read: (path, text, parts) => parts.engineSettings.push(...enginesOfProcesses(text, path)),
  },
  {
    title: 'auditctl -l',
    accepts: (_name, text) => isAuditRules(text),
    read: (path, text, parts) => parts.auditRules.push({ path, rules: readAuditRules(text) }),
  },
  {
    title: '/etc/group',
    accepts: (name, text) => isGroupFile(name, text),
    read: (path, text, parts) => parts.engineReports.push({ groupMembers: groupMembers(text, path) }),
  },
];

function readNftJsonInto(path: string, text: string, parts: SceneParts): void {
  try {
    const { firewalls, rulesCut } = readNftJson(text);
    for (const firewall of firewalls) parts.firewalls.push({ path, firewall });
    if (rulesCut === 0) return;
    const message = `${rulesCut} rules have extensions of iptables, whose values nft's JSON leaves out`;
    parts.problems.add({ code: 'partly-seen', at: { path }, message, hint: 'give `iptables-save` too' });
  } catch (error) {
    parts.problems.add({ code: 'bad-record', at: { path }, message: messageOf(error) });
  }
}

/** The first one that accepts reads. */
export const documentFormats: readonly DocumentFormat[] = [
  {
    title: 'docker inspect, podman inspect of containers',
    accepts: isContainer,
    read: (document, parts) => parts.addWorkloads([workloadOfContainer(document)]),
  },
  {
    title: 'docker image inspect, and the configuration of an image',
    accepts: isImageConfig,
    read: (document, parts) => parts.images.push(imageOfConfig(document)),
  },
  {
    title: 'docker network inspect, podman network inspect',
    accepts: isNetwork,
    read: (document, parts) => {
      parts.engineReports.push(engineOfNetwork(document));
      const outer = outerNetworkOf(document);
      if (outer !== undefined) parts.outerNetworks.set(...outer);
      for (const [, container] of document.get('Containers').entries()) {
        const name = container.get('Name').text();
        for (const field of ['IPv4Address', 'IPv6Address']) {
          const address = container.get(field).text()?.split('/')[0] ?? '';
          if (name !== undefined && address !== '') parts.containersByAddress.set(address, name);
        }
      }
    },
  },
  {
    title: 'docker info',
    accepts: isEngineInfo,
    read: (document, parts) => parts.engineReports.push(engineOfInfo(document)),
  },
  {
    title: 'docker version',
    accepts: isEngineVersion,
    read: (document, parts) => parts.engineReports.push(engineOfVersion(document)),
  },
  {
    title: 'objects of Kubernetes',
    accepts: isClusterObject,
    read: (document, parts) => {
      for (const object of clusterObjects(document)) {
        parts.objects.push(object);
        const pod = podOf(object);
        if (pod === undefined) continue;
        parts.pods.push(pod);
        parts.addWorkloads(workloadsOfPod(pod));
      }
    },
  },
  {
    title: 'Compose',
    accepts: isCompose,
    read: (document, parts) => {
      const beside = { readText: parts.readText, problem: parts.problems.add.bind(parts.problems) };
      parts.addWorkloads(workloadsOfCompose(document, beside));
    },
  },
  {
    title: 'daemon.json',
    accepts: isDaemonSettings,
    read: (document, parts) => parts.engineSettings.push(engineOfSettings(document)),
  },
];

// Written by `npm run gen` from what stands beside this file. Do not edit.
import { check as addInstructionEntry } from './add-instruction/index.ts';
import { check as apiServerEntry } from './api-server/index.ts';
import { check as apparmorOffEntry } from './apparmor-off/index.ts';
import { check as auditRulesEntry } from './audit-rules/index.ts';
import { check as authorizedKeyEntry } from './authorized-key/index.ts';
import { check as backdoorScriptEntry } from './backdoor-script/index.ts';
import { check as broadRoleEntry } from './broad-role/index.ts';
import { check as buildToolsEntry } from './build-tools/index.ts';
import { check as capabilitiesKeptEntry } from './capabilities-kept/index.ts';
import { check as cgroupParentEntry } from './cgroup-parent/index.ts';
import { check as changedProgramEntry } from './changed-program/index.ts';
import { check as clusterAdminEntry } from './cluster-admin/index.ts';
import { check as clusterManagersEntry } from './cluster-managers/index.ts';
import { check as clusterStoreEntry } from './cluster-store/index.ts';
import { check as dangerousCapabilitiesEntry } from './dangerous-capabilities/index.ts';
import { check as defaultBridgeEntry } from './default-bridge/index.ts';
import { check as defaultNamespaceEntry } from './default-namespace/index.ts';
import { check as emptyPasswordEntry } from './empty-password/index.ts';
import { check as engineApiOpenEntry } from './engine-api-open/index.ts';
import { check as engineExperimentalEntry } from './engine-experimental/index.ts';
import { check as engineGroupEntry } from './engine-group/index.ts';
import { check as engineInsecureRegistryEntry } from './engine-insecure-registry/index.ts';
import { check as engineInterContainerEntry } from './engine-inter-container/index.ts';
import { check as engineLiveRestoreEntry } from './engine-live-restore/index.ts';
import { check as engineLocalLogsEntry } from './engine-local-logs/index.ts';
import { check as engineLogLevelEntry } from './engine-log-level/index.ts';
import { check as engineNewPrivilegesEntry } from './engine-new-privileges/index.ts';
import { check as engineNoAuthorizationEntry } from './engine-no-authorization/index.ts';
import { check as engineNoFirewallRulesEntry } from './engine-no-firewall-rules/index.ts';
import { check as engineOutdatedEntry } from './engine-outdated/index.ts';
import { check as engineRootUsersEntry } from './engine-root-users/index.ts';
import { check as engineSeccompOffEntry } from './engine-seccomp-off/index.ts';
import { check as engineSocketEntry } from './engine-socket/index.ts';
import { check as engineStorageDriverEntry } from './engine-storage-driver/index.ts';
import { check as engineSwarmEntry } from './engine-swarm/index.ts';
import { check as engineUserlandProxyEntry } from './engine-userland-proxy/index.ts';
import { check as exposedConsoleEntry } from './exposed-console/index.ts';
import { check as externalIpEntry } from './external-ip/index.ts';
import { check as firewallBypassEntry } from './firewall-bypass/index.ts';
import { check as gitVolumeEntry } from './git-volume/index.ts';
import { check as hiddenProgramEntry } from './hidden-program/index.ts';
import { check as hostAliasesEntry } from './host-aliases/index.ts';
import { check as hostDevicesEntry } from './host-devices/index.ts';
import { check as hostIpcEntry } from './host-ipc/index.ts';
import { check as hostNetworkEntry } from './host-network/index.ts';
import { check as hostPathEntry } from './host-path/index.ts';
import { check as hostPathVolumeEntry } from './host-path-volume/index.ts';
import { check as hostPidEntry } from './host-pid/index.ts';
import { check as hostPortEntry } from './host-port/index.ts';
import { check as hostUserNamespaceEntry } from './host-user-namespace/index.ts';
import { check as hostUtsEntry } from './host-uts/index.ts';
import { check as ingressSnippetEntry } from './ingress-snippet/index.ts';
import { check as knownPasswordEntry } from './known-password/index.ts';
import { check as kubeletOpenEntry } from './kubelet-open/index.ts';
import { check as lowUserIdEntry } from './low-user-id/index.ts';
import { check as maintainerEntry } from './maintainer/index.ts';
import { check as minerEntry } from './miner/index.ts';
import { check as namespaceAdminEntry } from './namespace-admin/index.ts';
import { check as noCpuLimitEntry } from './no-cpu-limit/index.ts';
import { check as noHealthcheckEntry } from './no-healthcheck/index.ts';
import { check as noMemoryLimitEntry } from './no-memory-limit/index.ts';
import { check as noNetworkPolicyEntry } from './no-network-policy/index.ts';
import { check as noPidsLimitEntry } from './no-pids-limit/index.ts';
import { check as noResourceRequestsEntry } from './no-resource-requests/index.ts';
import { check as noSandboxRuntimeEntry } from './no-sandbox-runtime/index.ts';
import { check as oldImageEntry } from './old-image/index.ts';
import { check as outdatedControllerEntry } from './outdated-controller/index.ts';
import { check as outerNetworkEntry } from './outer-network/index.ts';
import { check as packageLeftoversEntry } from './package-leftovers/index.ts';
import { check as packageUpdateAloneEntry } from './package-update-alone/index.ts';
import { check as packedProgramEntry } from './packed-program/index.ts';
import { check as podSecurityEntry } from './pod-security/index.ts';
import { check as preloadedLibraryEntry } from './preloaded-library/index.ts';
import { check as privilegeEscalationEntry } from './privilege-escalation/index.ts';
import { check as privilegedEntry } from './privileged/index.ts';
import { check as privilegedPortEntry } from './privileged-port/index.ts';
import { check as publishedPortEntry } from './published-port/index.ts';
import { check as remoteScriptEntry } from './remote-script/index.ts';
import { check as restartAlwaysEntry } from './restart-always/index.ts';
import { check as rootGroupEntry } from './root-group/index.ts';
import { check as rootUserEntry } from './root-user/index.ts';
import { check as runCdEntry } from './run-cd/index.ts';
import { check as seccompNotSetEntry } from './seccomp-not-set/index.ts';
import { check as seccompOffEntry } from './seccomp-off/index.ts';
import { check as secondRootEntry } from './second-root/index.ts';
import { check as secretAsVariableEntry } from './secret-as-variable/index.ts';
import { check as secretFileEntry } from './secret-file/index.ts';
import { check as secretInEnvironmentEntry } from './secret-in-environment/index.ts';
import { check as secretInFileEntry } from './secret-in-file/index.ts';
import { check as secretInHistoryEntry } from './secret-in-history/index.ts';
import { check as secretInInstructionEntry } from './secret-in-instruction/index.ts';
import { check as secretInManifestEntry } from './secret-in-manifest/index.ts';
import { check as selinuxOffEntry } from './selinux-off/index.ts';
import { check as serviceAccountTokenEntry } from './service-account-token/index.ts';
import { check as setIdProgramsEntry } from './set-id-programs/index.ts';
import { check as severalServicesEntry } from './several-services/index.ts';
import { check as sharedMountEntry } from './shared-mount/index.ts';
import { check as sharedUserIdEntry } from './shared-user-id/index.ts';
import { check as sshServiceEntry } from './ssh-service/index.ts';
import { check as sudoEntry } from './sudo/index.ts';
import { check as systemVolumeEntry } from './system-volume/index.ts';
import { check as tillerEntry } from './tiller/index.ts';
import { check as tracesRoleEntry } from './traces-role/index.ts';
import { check as uncheckedDownloadEntry } from './unchecked-download/index.ts';
import { check as unmaskedProcEntry } from './unmasked-proc/index.ts';
import { check as unownedProgramEntry } from './unowned-program/index.ts';
import { check as unpinnedImageEntry } from './unpinned-image/index.ts';
import { check as unsafeSysctlsEntry } from './unsafe-sysctls/index.ts';
import { check as widePermissionsEntry } from './wide-permissions/index.ts';
import { check as worldWritableEntry } from './world-writable/index.ts';
import { check as writableRootEntry } from './writable-root/index.ts';
import { check as yaraEntry } from './yara/index.ts';
import type { Check } from '../check.ts';

export const checks = {
  'add-instruction': addInstructionEntry,
  'api-server': apiServerEntry,
  'apparmor-off': apparmorOffEntry,
  'audit-rules': auditRulesEntry,
  'authorized-key': authorizedKeyEntry,
  'backdoor-script': backdoorScriptEntry,
  'broad-role': broadRoleEntry,
  'build-tools': buildToolsEntry,
  'capabilities-kept': capabilitiesKeptEntry,
  'cgroup-parent': cgroupParentEntry,
  'changed-program': changedProgramEntry,
  'cluster-admin': clusterAdminEntry,
  'cluster-managers': clusterManagersEntry,
  'cluster-store': clusterStoreEntry,
  'dangerous-capabilities': dangerousCapabilitiesEntry,
  'default-bridge': defaultBridgeEntry,
  'default-namespace': defaultNamespaceEntry,
  'empty-password': emptyPasswordEntry,
  'engine-api-open': engineApiOpenEntry,
  'engine-experimental': engineExperimentalEntry,
  'engine-group': engineGroupEntry,
  'engine-insecure-registry': engineInsecureRegistryEntry,
  'engine-inter-container': engineInterContainerEntry,
  'engine-live-restore': engineLiveRestoreEntry,
  'engine-local-logs': engineLocalLogsEntry,
  'engine-log-level': engineLogLevelEntry,
  'engine-new-privileges': engineNewPrivilegesEntry,
  'engine-no-authorization': engineNoAuthorizationEntry,
  'engine-no-firewall-rules': engineNoFirewallRulesEntry,
  'engine-outdated': engineOutdatedEntry,
  'engine-root-users': engineRootUsersEntry,
  'engine-seccomp-off': engineSeccompOffEntry,
  'engine-socket': engineSocketEntry,
  'engine-storage-driver': engineStorageDriverEntry,
  'engine-swarm': engineSwarmEntry,
  'engine-userland-proxy': engineUserlandProxyEntry,
  'exposed-console': exposedConsoleEntry,
  'external-ip': externalIpEntry,
  'firewall-bypass': firewallBypassEntry,
  'git-volume': gitVolumeEntry,
  'hidden-program': hiddenProgramEntry,
  'host-aliases': hostAliasesEntry,
  'host-devices': hostDevicesEntry,
  'host-ipc': hostIpcEntry,
  'host-network': hostNetworkEntry,
  'host-path': hostPathEntry,
  'host-path-volume': hostPathVolumeEntry,
  'host-pid': hostPidEntry,
  'host-port': hostPortEntry,
  'host-user-namespace': hostUserNamespaceEntry,
  'host-uts': hostUtsEntry,
  'ingress-snippet': ingressSnippetEntry,
  'known-password': knownPasswordEntry,
  'kubelet-open': kubeletOpenEntry,
  'low-user-id': lowUserIdEntry,
  'maintainer': maintainerEntry,
  'miner': minerEntry,
  'namespace-admin': namespaceAdminEntry,
  'no-cpu-limit': noCpuLimitEntry,
  'no-healthcheck': noHealthcheckEntry,
  'no-memory-limit': noMemoryLimitEntry,
  'no-network-policy': noNetworkPolicyEntry,
  'no-pids-limit': noPidsLimitEntry,
  'no-resource-requests': noResourceRequestsEntry,
  'no-sandbox-runtime': noSandboxRuntimeEntry,
  'old-image': oldImageEntry,
  'outdated-controller': outdatedControllerEntry,
  'outer-network': outerNetworkEntry,
  'package-leftovers': packageLeftoversEntry,
  'package-update-alone': packageUpdateAloneEntry,
  'packed-program': packedProgramEntry,
  'pod-security': podSecurityEntry,
  'preloaded-library': preloadedLibraryEntry,
  'privilege-escalation': privilegeEscalationEntry,
  'privileged': privilegedEntry,
  'privileged-port': privilegedPortEntry,
  'published-port': publishedPortEntry,
  'remote-script': remoteScriptEntry,
  'restart-always': restartAlwaysEntry,
  'root-group': rootGroupEntry,
  'root-user': rootUserEntry,
  'run-cd': runCdEntry,
  'seccomp-not-set': seccompNotSetEntry,
  'seccomp-off': seccompOffEntry,
  'second-root': secondRootEntry,
  'secret-as-variable': secretAsVariableEntry,
  'secret-file': secretFileEntry,
  'secret-in-environment': secretInEnvironmentEntry,
  'secret-in-file': secretInFileEntry,
  'secret-in-history': secretInHistoryEntry,
  'secret-in-instruction': secretInInstructionEntry,
  'secret-in-manifest': secretInManifestEntry,
  'selinux-off': selinuxOffEntry,
  'service-account-token': serviceAccountTokenEntry,
  'set-id-programs': setIdProgramsEntry,
  'several-services': severalServicesEntry,
  'shared-mount': sharedMountEntry,
  'shared-user-id': sharedUserIdEntry,
  'ssh-service': sshServiceEntry,
  'sudo': sudoEntry,
  'system-volume': systemVolumeEntry,
  'tiller': tillerEntry,
  'traces-role': tracesRoleEntry,
  'unchecked-download': uncheckedDownloadEntry,
  'unmasked-proc': unmaskedProcEntry,
  'unowned-program': unownedProgramEntry,
  'unpinned-image': unpinnedImageEntry,
  'unsafe-sysctls': unsafeSysctlsEntry,
  'wide-permissions': widePermissionsEntry,
  'world-writable': worldWritableEntry,
  'writable-root': writableRootEntry,
  'yara': yaraEntry,
} as const;
export type CheckId = keyof typeof checks;

// Each name is the id, and each entry fits the contract of its family.
checks satisfies { readonly [Id in CheckId]: Check<Id> };

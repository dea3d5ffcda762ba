// Written by `npm run gen` from what stands beside this file. Do not edit.
import { technique as accountsEntry } from './accounts/index.ts';
import { technique as aclEntry } from './acl/index.ts';
import { technique as agentConfigEntry } from './agent-config/index.ts';
import { technique as atEntry } from './at/index.ts';
import { technique as binfmtEntry } from './binfmt/index.ts';
import { technique as bootEntry } from './boot/index.ts';
import { technique as capabilitiesEntry } from './capabilities/index.ts';
import { technique as containerEntry } from './container/index.ts';
import { technique as cronEntry } from './cron/index.ts';
import { technique as dbusEntry } from './dbus/index.ts';
import { technique as deletedExeEntry } from './deleted-exe/index.ts';
import { technique as dockerDaemonEntry } from './docker-daemon/index.ts';
import { technique as ebpfEntry } from './ebpf/index.ts';
import { technique as gitEntry } from './git/index.ts';
import { technique as hiddenMountEntry } from './hidden-mount/index.ts';
import { technique as hiddenPathEntry } from './hidden-path/index.ts';
import { technique as hiddenProcessEntry } from './hidden-process/index.ts';
import { technique as historyEntry } from './history/index.ts';
import { technique as immutableEntry } from './immutable/index.ts';
import { technique as inetdEntry } from './inetd/index.ts';
import { technique as injectedLibraryEntry } from './injected-library/index.ts';
import { technique as kernelHelperEntry } from './kernel-helper/index.ts';
import { technique as kernelModuleEntry } from './kernel-module/index.ts';
import { technique as languageHooksEntry } from './language-hooks/index.ts';
import { technique as ldPathEntry } from './ld-path/index.ts';
import { technique as ldPreloadEntry } from './ld-preload/index.ts';
import { technique as listenerEntry } from './listener/index.ts';
import { technique as loadedLibraryEntry } from './loaded-library/index.ts';
import { technique as logEntry } from './log/index.ts';
import { technique as logrotateEntry } from './logrotate/index.ts';
import { technique as mailEntry } from './mail/index.ts';
import { technique as masqueradeEntry } from './masquerade/index.ts';
import { technique as memfdEntry } from './memfd/index.ts';
import { technique as motdEntry } from './motd/index.ts';
import { technique as networkHookEntry } from './network-hook/index.ts';
import { technique as nssEntry } from './nss/index.ts';
import { technique as packageManagerEntry } from './package-manager/index.ts';
import { technique as packageMismatchEntry } from './package-mismatch/index.ts';
import { technique as packetSocketEntry } from './packet-socket/index.ts';
import { technique as pamEntry } from './pam/index.ts';
import { technique as pathHijackEntry } from './path-hijack/index.ts';
import { technique as polkitEntry } from './polkit/index.ts';
import { technique as promiscuousEntry } from './promiscuous/index.ts';
import { technique as pythonEntry } from './python/index.ts';
import { technique as rcEntry } from './rc/index.ts';
import { technique as remoteTrustEntry } from './remote-trust/index.ts';
import { technique as resolverEntry } from './resolver/index.ts';
import { technique as reverseShellEntry } from './reverse-shell/index.ts';
import { technique as serviceHooksEntry } from './service-hooks/index.ts';
import { technique as serviceSettingsEntry } from './service-settings/index.ts';
import { technique as settingsTextEntry } from './settings-text/index.ts';
import { technique as shellRcEntry } from './shell-rc/index.ts';
import { technique as sshKeysEntry } from './ssh-keys/index.ts';
import { technique as sshRcEntry } from './ssh-rc/index.ts';
import { technique as sshdConfigEntry } from './sshd-config/index.ts';
import { technique as staticPodEntry } from './static-pod/index.ts';
import { technique as sudoersEntry } from './sudoers/index.ts';
import { technique as suidEntry } from './suid/index.ts';
import { technique as suspiciousProcessEntry } from './suspicious-process/index.ts';
import { technique as syslogEntry } from './syslog/index.ts';
import { technique as systemdEntry } from './systemd/index.ts';
import { technique as systemdGeneratorEntry } from './systemd-generator/index.ts';
import { technique as timestompEntry } from './timestomp/index.ts';
import { technique as tmpfilesEntry } from './tmpfiles/index.ts';
import { technique as toolSettingsEntry } from './tool-settings/index.ts';
import { technique as tracedEntry } from './traced/index.ts';
import { technique as trustStoreEntry } from './trust-store/index.ts';
import { technique as tunnelEntry } from './tunnel/index.ts';
import { technique as udevEntry } from './udev/index.ts';
import { technique as unpackagedProgramEntry } from './unpackaged-program/index.ts';
import { technique as webServerEntry } from './web-server/index.ts';
import { technique as webshellEntry } from './webshell/index.ts';
import { technique as writableTargetEntry } from './writable-target/index.ts';
import { technique as xdgEntry } from './xdg/index.ts';
import type { PersistenceTechnique } from '../technique.ts';

export const persistence = {
  'accounts': accountsEntry,
  'acl': aclEntry,
  'agent-config': agentConfigEntry,
  'at': atEntry,
  'binfmt': binfmtEntry,
  'boot': bootEntry,
  'capabilities': capabilitiesEntry,
  'container': containerEntry,
  'cron': cronEntry,
  'dbus': dbusEntry,
  'deleted-exe': deletedExeEntry,
  'docker-daemon': dockerDaemonEntry,
  'ebpf': ebpfEntry,
  'git': gitEntry,
  'hidden-mount': hiddenMountEntry,
  'hidden-path': hiddenPathEntry,
  'hidden-process': hiddenProcessEntry,
  'history': historyEntry,
  'immutable': immutableEntry,
  'inetd': inetdEntry,
  'injected-library': injectedLibraryEntry,
  'kernel-helper': kernelHelperEntry,
  'kernel-module': kernelModuleEntry,
  'language-hooks': languageHooksEntry,
  'ld-path': ldPathEntry,
  'ld-preload': ldPreloadEntry,
  'listener': listenerEntry,
  'loaded-library': loadedLibraryEntry,
  'log': logEntry,
  'logrotate': logrotateEntry,
  'mail': mailEntry,
  'masquerade': masqueradeEntry,
  'memfd': memfdEntry,
  'motd': motdEntry,
  'network-hook': networkHookEntry,
  'nss': nssEntry,
  'package-manager': packageManagerEntry,
  'package-mismatch': packageMismatchEntry,
  'packet-socket': packetSocketEntry,
  'pam': pamEntry,
  'path-hijack': pathHijackEntry,
  'polkit': polkitEntry,
  'promiscuous': promiscuousEntry,
  'python': pythonEntry,
  'rc': rcEntry,
  'remote-trust': remoteTrustEntry,
  'resolver': resolverEntry,
  'reverse-shell': reverseShellEntry,
  'service-hooks': serviceHooksEntry,
  'service-settings': serviceSettingsEntry,
  'settings-text': settingsTextEntry,
  'shell-rc': shellRcEntry,
  'ssh-keys': sshKeysEntry,
  'ssh-rc': sshRcEntry,
  'sshd-config': sshdConfigEntry,
  'static-pod': staticPodEntry,
  'sudoers': sudoersEntry,
  'suid': suidEntry,
  'suspicious-process': suspiciousProcessEntry,
  'syslog': syslogEntry,
  'systemd': systemdEntry,
  'systemd-generator': systemdGeneratorEntry,
  'timestomp': timestompEntry,
  'tmpfiles': tmpfilesEntry,
  'tool-settings': toolSettingsEntry,
  'traced': tracedEntry,
  'trust-store': trustStoreEntry,
  'tunnel': tunnelEntry,
  'udev': udevEntry,
  'unpackaged-program': unpackagedProgramEntry,
  'web-server': webServerEntry,
  'webshell': webshellEntry,
  'writable-target': writableTargetEntry,
  'xdg': xdgEntry,
} as const;
export type PersistenceId = keyof typeof persistence;

// Each name is the id, and each entry fits the contract of its family.
persistence satisfies { readonly [Id in PersistenceId]: PersistenceTechnique<Id> };

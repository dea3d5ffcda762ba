// Written by `npm run gen` from what stands beside this file. Do not edit.
import { table as apparmorProfilesEntry } from './apparmor-profiles.ts';
import { table as aptSourcesEntry } from './apt-sources.ts';
import { table as arpCacheEntry } from './arp-cache.ts';
import { table as augeasEntry } from './augeas.ts';
import { table as authorizedKeysEntry } from './authorized-keys.ts';
import { table as blockDevicesEntry } from './block-devices.ts';
import { table as certificatesEntry } from './certificates.ts';
import { table as chromeExtensionsEntry } from './chrome-extensions.ts';
import { table as cpuInfoEntry } from './cpu-info.ts';
import { table as cpuTimeEntry } from './cpu-time.ts';
import { table as crontabEntry } from './crontab.ts';
import { table as debPackageFilesEntry } from './deb-package-files.ts';
import { table as debPackagesEntry } from './deb-packages.ts';
import { table as diskEncryptionEntry } from './disk-encryption.ts';
import { table as dnsResolversEntry } from './dns-resolvers.ts';
import { table as dockerContainerEnvsEntry } from './docker-container-envs.ts';
import { table as dockerContainerLabelsEntry } from './docker-container-labels.ts';
import { table as dockerContainerMountsEntry } from './docker-container-mounts.ts';
import { table as dockerContainerNetworksEntry } from './docker-container-networks.ts';
import { table as dockerContainerPortsEntry } from './docker-container-ports.ts';
import { table as dockerContainersEntry } from './docker-containers.ts';
import { table as dockerImageHistoryEntry } from './docker-image-history.ts';
import { table as dockerImageLabelsEntry } from './docker-image-labels.ts';
import { table as dockerImageLayersEntry } from './docker-image-layers.ts';
import { table as dockerImagesEntry } from './docker-images.ts';
import { table as dockerInfoEntry } from './docker-info.ts';
import { table as dockerNetworkLabelsEntry } from './docker-network-labels.ts';
import { table as dockerNetworksEntry } from './docker-networks.ts';
import { table as dockerVersionEntry } from './docker-version.ts';
import { table as dockerVolumeLabelsEntry } from './docker-volume-labels.ts';
import { table as dockerVolumesEntry } from './docker-volumes.ts';
import { table as etcHostsEntry } from './etc-hosts.ts';
import { table as etcProtocolsEntry } from './etc-protocols.ts';
import { table as etcServicesEntry } from './etc-services.ts';
import { table as extendedAttributesEntry } from './extended-attributes.ts';
import { table as fileEntry } from './file.ts';
import { table as firefoxAddonsEntry } from './firefox-addons.ts';
import { table as groupsEntry } from './groups.ts';
import { table as hashEntry } from './hash.ts';
import { table as interfaceAddressesEntry } from './interface-addresses.ts';
import { table as interfaceDetailsEntry } from './interface-details.ts';
import { table as interfaceIpv6Entry } from './interface-ipv6.ts';
import { table as iptablesEntry } from './iptables.ts';
import { table as kernelInfoEntry } from './kernel-info.ts';
import { table as kernelKeysEntry } from './kernel-keys.ts';
import { table as kernelModulesEntry } from './kernel-modules.ts';
import { table as knownHostsEntry } from './known-hosts.ts';
import { table as lastEntry } from './last.ts';
import { table as listeningPortsEntry } from './listening-ports.ts';
import { table as loadAverageEntry } from './load-average.ts';
import { table as loggedInUsersEntry } from './logged-in-users.ts';
import { table as magicEntry } from './magic.ts';
import { table as memoryInfoEntry } from './memory-info.ts';
import { table as memoryMapEntry } from './memory-map.ts';
import { table as mountsEntry } from './mounts.ts';
import { table as npmPackagesEntry } from './npm-packages.ts';
import { table as osVersionEntry } from './os-version.ts';
import { table as pciDevicesEntry } from './pci-devices.ts';
import { table as platformInfoEntry } from './platform-info.ts';
import { table as processEnvsEntry } from './process-envs.ts';
import { table as processMemoryMapEntry } from './process-memory-map.ts';
import { table as processNamespacesEntry } from './process-namespaces.ts';
import { table as processOpenFilesEntry } from './process-open-files.ts';
import { table as processOpenPipesEntry } from './process-open-pipes.ts';
import { table as processOpenSocketsEntry } from './process-open-sockets.ts';
import { table as processesEntry } from './processes.ts';
import { table as pythonPackagesEntry } from './python-packages.ts';
import { table as routesEntry } from './routes.ts';
import { table as rpmPackageFilesEntry } from './rpm-package-files.ts';
import { table as rpmPackagesEntry } from './rpm-packages.ts';
import { table as securebootEntry } from './secureboot.ts';
import { table as selinuxSettingsEntry } from './selinux-settings.ts';
import { table as shadowEntry } from './shadow.ts';
import { table as sharedMemoryEntry } from './shared-memory.ts';
import { table as shellHistoryEntry } from './shell-history.ts';
import { table as sshConfigsEntry } from './ssh-configs.ts';
import { table as startupItemsEntry } from './startup-items.ts';
import { table as sudoersEntry } from './sudoers.ts';
import { table as suidBinEntry } from './suid-bin.ts';
import { table as systemControlsEntry } from './system-controls.ts';
import { table as systemInfoEntry } from './system-info.ts';
import { table as systemdUnitsEntry } from './systemd-units.ts';
import { table as timeEntry } from './time.ts';
import { table as uptimeEntry } from './uptime.ts';
import { table as usbDevicesEntry } from './usb-devices.ts';
import { table as userGroupsEntry } from './user-groups.ts';
import { table as userSshKeysEntry } from './user-ssh-keys.ts';
import { table as usersEntry } from './users.ts';
import { table as vscodeExtensionsEntry } from './vscode-extensions.ts';
import { table as yaraEntry } from './yara.ts';
import { table as yumSourcesEntry } from './yum-sources.ts';
import type { HostTable } from '../table.ts';

export const hostTables = {
  'apparmor_profiles': apparmorProfilesEntry,
  'apt_sources': aptSourcesEntry,
  'arp_cache': arpCacheEntry,
  'augeas': augeasEntry,
  'authorized_keys': authorizedKeysEntry,
  'block_devices': blockDevicesEntry,
  'certificates': certificatesEntry,
  'chrome_extensions': chromeExtensionsEntry,
  'cpu_info': cpuInfoEntry,
  'cpu_time': cpuTimeEntry,
  'crontab': crontabEntry,
  'deb_package_files': debPackageFilesEntry,
  'deb_packages': debPackagesEntry,
  'disk_encryption': diskEncryptionEntry,
  'dns_resolvers': dnsResolversEntry,
  'docker_container_envs': dockerContainerEnvsEntry,
  'docker_container_labels': dockerContainerLabelsEntry,
  'docker_container_mounts': dockerContainerMountsEntry,
  'docker_container_networks': dockerContainerNetworksEntry,
  'docker_container_ports': dockerContainerPortsEntry,
  'docker_containers': dockerContainersEntry,
  'docker_image_history': dockerImageHistoryEntry,
  'docker_image_labels': dockerImageLabelsEntry,
  'docker_image_layers': dockerImageLayersEntry,
  'docker_images': dockerImagesEntry,
  'docker_info': dockerInfoEntry,
  'docker_network_labels': dockerNetworkLabelsEntry,
  'docker_networks': dockerNetworksEntry,
  'docker_version': dockerVersionEntry,
  'docker_volume_labels': dockerVolumeLabelsEntry,
  'docker_volumes': dockerVolumesEntry,
  'etc_hosts': etcHostsEntry,
  'etc_protocols': etcProtocolsEntry,
  'etc_services': etcServicesEntry,
  'extended_attributes': extendedAttributesEntry,
  'file': fileEntry,
  'firefox_addons': firefoxAddonsEntry,
  'groups': groupsEntry,
  'hash': hashEntry,
  'interface_addresses': interfaceAddressesEntry,
  'interface_details': interfaceDetailsEntry,
  'interface_ipv6': interfaceIpv6Entry,
  'iptables': iptablesEntry,
  'kernel_info': kernelInfoEntry,
  'kernel_keys': kernelKeysEntry,
  'kernel_modules': kernelModulesEntry,
  'known_hosts': knownHostsEntry,
  'last': lastEntry,
  'listening_ports': listeningPortsEntry,
  'load_average': loadAverageEntry,
  'logged_in_users': loggedInUsersEntry,
  'magic': magicEntry,
  'memory_info': memoryInfoEntry,
  'memory_map': memoryMapEntry,
  'mounts': mountsEntry,
  'npm_packages': npmPackagesEntry,
  'os_version': osVersionEntry,
  'pci_devices': pciDevicesEntry,
  'platform_info': platformInfoEntry,
  'process_envs': processEnvsEntry,
  'process_memory_map': processMemoryMapEntry,
  'process_namespaces': processNamespacesEntry,
  'process_open_files': processOpenFilesEntry,
  'process_open_pipes': processOpenPipesEntry,
  'process_open_sockets': processOpenSocketsEntry,
  'processes': processesEntry,
  'python_packages': pythonPackagesEntry,
  'routes': routesEntry,
  'rpm_package_files': rpmPackageFilesEntry,
  'rpm_packages': rpmPackagesEntry,
  'secureboot': securebootEntry,
  'selinux_settings': selinuxSettingsEntry,
  'shadow': shadowEntry,
  'shared_memory': sharedMemoryEntry,
  'shell_history': shellHistoryEntry,
  'ssh_configs': sshConfigsEntry,
  'startup_items': startupItemsEntry,
  'sudoers': sudoersEntry,
  'suid_bin': suidBinEntry,
  'system_controls': systemControlsEntry,
  'system_info': systemInfoEntry,
  'systemd_units': systemdUnitsEntry,
  'time': timeEntry,
  'uptime': uptimeEntry,
  'usb_devices': usbDevicesEntry,
  'user_groups': userGroupsEntry,
  'user_ssh_keys': userSshKeysEntry,
  'users': usersEntry,
  'vscode_extensions': vscodeExtensionsEntry,
  'yara': yaraEntry,
  'yum_sources': yumSourcesEntry,
} as const;
export type HostTableId = keyof typeof hostTables;

// Each name is the id, and each entry fits the contract of its family.
hostTables satisfies { readonly [Id in HostTableId]: HostTable<Id> };

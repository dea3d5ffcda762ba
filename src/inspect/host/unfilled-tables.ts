import type { HostColumns, HostColumnType } from './table.ts';

/**
 * osquery's tables of Linux (5.20) that are not filled here: events (evidence of sensors has them), clouds, and other programs'
 * own state. A query that names one finds its columns and no rows, and is told so. `name` is text, `name:type` another type;
 * what stands behind `|` is hidden.
 */
const layouts: Readonly<Record<string, string>> = {
  acpi_tables: 'name size:integer md5',
  apparmor_events:
    'type message time:bigint uptime:bigint apparmor operation parent:bigint profile name pid:bigint comm denied_mask capname fsuid:bigint ouid:bigint capability:bigint requested_mask info error namespace label | eid',
  azure_instance_metadata:
    'location name offer publisher sku version os_type platform_update_domain platform_fault_domain vm_id vm_size subscription_id resource_group_name placement_group_id vm_scale_set_name zone',
  azure_instance_tags: 'vm_id key value',
  bpf_process_events:
    'tid:bigint pid:bigint parent:bigint uid:bigint gid:bigint cid:integer exit_code probe_error:integer syscall path cwd cmdline duration:integer ntime | json_cmdline time:bigint eid:integer',
  bpf_socket_events:
    'tid:bigint pid:bigint parent:bigint uid:bigint gid:bigint cid:integer exit_code probe_error:integer syscall path fd family:integer type:integer protocol:integer local_address remote_address local_port:integer remote_port:integer duration:integer ntime | time:bigint eid:integer',
  carbon_black_info:
    'sensor_id:integer config_name collect_store_files:integer collect_module_loads:integer collect_module_info:integer collect_file_mods:integer collect_reg_mods:integer collect_net_conns:integer collect_processes:integer collect_cross_processes:integer collect_emet_events:integer collect_data_file_writes:integer collect_process_user_context:integer collect_sensor_operations:integer log_file_disk_quota_mb:integer log_file_disk_quota_percentage:integer protection_disabled:integer sensor_ip_addr sensor_backend_server event_queue:integer binary_queue:integer',
  carves: 'time:bigint sha256 size:integer path status carve_guid request_id carve:integer',
  chrome_extension_content_scripts:
    'browser_type uid:bigint identifier version script match profile_path path referenced:bigint',
  cpuid: 'feature value output_register output_bit:integer input_eax',
  curl: 'url method user_agent response_code:integer round_trip_time:bigint bytes:bigint result',
  curl_certificate:
    'hostname common_name organization organization_unit serial_number issuer_common_name issuer_organization issuer_organization_unit valid_from valid_to sha256_fingerprint sha1_fingerprint version:integer signature_algorithm signature subject_key_identifier authority_key_identifier key_usage extended_key_usage policies subject_alternative_names issuer_alternative_names info_access subject_info_access policy_mappings has_expired:integer basic_constraint name_constraints policy_constraints pem | dump_certificate:integer timeout:integer',
  device_file:
    'device partition path filename inode:bigint uid:bigint gid:bigint mode size:bigint block_size:integer atime:bigint mtime:bigint ctime:bigint hard_links:integer type',
  device_hash: 'device partition inode:bigint md5 sha1 sha256',
  device_partitions:
    'device partition:integer label type offset:bigint blocks_size:bigint blocks:bigint inodes:bigint flags:integer',
  docker_container_fs_changes: 'id path change_type',
  docker_container_processes:
    'id pid:bigint name cmdline state uid:bigint gid:bigint euid:bigint egid:bigint suid:bigint sgid:bigint wired_size:bigint resident_size:bigint total_size:bigint start_time:bigint parent:bigint pgroup:bigint threads:integer nice:integer user time cpu:double mem:double',
  docker_container_stats:
    'id name pids:integer read:bigint preread:bigint interval:bigint disk_read:bigint disk_write:bigint num_procs:integer cpu_total_usage:bigint cpu_kernelmode_usage:bigint cpu_usermode_usage:bigint system_cpu_usage:bigint online_cpus:integer pre_cpu_total_usage:bigint pre_cpu_kernelmode_usage:bigint pre_cpu_usermode_usage:bigint pre_system_cpu_usage:bigint pre_online_cpus:integer memory_usage:bigint memory_cached:bigint memory_inactive_file:bigint memory_total_inactive_file:bigint memory_max_usage:bigint memory_limit:bigint network_rx_bytes:bigint network_tx_bytes:bigint',
  ec2_instance_metadata:
    'instance_id instance_type architecture region availability_zone local_hostname local_ipv4 mac security_groups iam_arn ami_id reservation_id account_id ssh_public_key',
  ec2_instance_tags: 'instance_id key value',
  file_events:
    'target_path category action transaction_id:bigint inode:bigint uid:bigint gid:bigint mode size:bigint atime:bigint mtime:bigint ctime:bigint md5 sha1 sha256 hashed:integer time:bigint | eid',
  hardware_events: 'action path type driver vendor vendor_id model model_id serial revision time:bigint | eid',
  intel_me_info: 'version',
  jetbrains_plugins: 'product_type uid:bigint name version vendor path',
  lxd_certificates: 'name type fingerprint certificate',
  lxd_cluster:
    'server_name enabled:integer member_config_entity member_config_name member_config_key member_config_value member_config_description',
  lxd_cluster_members: 'server_name url database:integer status message',
  lxd_images:
    'id architecture os release description aliases filename size:bigint auto_update:integer cached:integer public:integer created_at expires_at uploaded_at last_used_at update_source_server update_source_protocol update_source_certificate update_source_alias',
  lxd_instance_config: 'name key value',
  lxd_instance_devices: 'name device device_type key value',
  lxd_instances:
    'name status stateful:integer ephemeral:integer created_at base_image architecture os description pid:integer processes:integer',
  lxd_networks:
    'name type managed:integer ipv4_address ipv6_address used_by bytes_received:bigint bytes_sent:bigint packets_received:bigint packets_sent:bigint hwaddr state mtu:integer',
  lxd_storage_pools:
    'name driver source size space_used:bigint space_total:bigint inodes_used:bigint inodes_total:bigint',
  md_devices:
    'device_name status raid_level:integer size:bigint chunk_size:bigint raid_disks:integer nr_raid_disks:integer working_disks:integer active_disks:integer failed_disks:integer spare_disks:integer superblock_state superblock_version superblock_update_time:bigint bitmap_on_mem bitmap_chunk_size bitmap_external_file recovery_progress recovery_finish recovery_speed resync_progress resync_finish resync_speed reshape_progress reshape_finish reshape_speed check_array_progress check_array_finish check_array_speed unused_devices other',
  md_drives: 'md_device_name drive_name slot:integer state',
  md_personalities: 'name',
  memory_array_mapped_addresses: 'handle memory_array_handle starting_address ending_address partition_width:integer',
  memory_arrays:
    'handle location use memory_error_correction max_capacity:integer memory_error_info_handle number_memory_devices:integer',
  memory_device_mapped_addresses:
    'handle memory_device_handle memory_array_mapped_address_handle starting_address ending_address partition_row_position:integer interleave_position:integer interleave_data_depth:integer',
  memory_devices:
    'handle array_handle form_factor total_width:integer data_width:integer size:integer set:integer device_locator bank_locator memory_type memory_type_details max_speed:integer configured_clock_speed:integer manufacturer serial_number asset_tag part_number min_voltage:integer max_voltage:integer configured_voltage:integer',
  memory_error_info:
    'handle error_type error_granularity error_operation vendor_syndrome memory_array_error_address device_error_address error_resolution',
  msr: 'processor_number:bigint turbo_disabled:bigint turbo_ratio_limit:bigint platform_info:bigint perf_ctl:bigint perf_status:bigint feature_control:bigint rapl_power_limit:bigint rapl_energy_status:bigint rapl_power_units:bigint',
  oem_strings: 'handle number:integer value',
  osquery_events: 'name publisher type subscriptions:integer events:integer refreshes:integer active:integer',
  osquery_extensions: 'uuid:bigint name version sdk_version path type',
  osquery_flags: 'name type description default_value value shell_only:integer',
  osquery_info:
    'pid:integer uuid instance_id version config_hash config_valid:integer extensions build_platform build_distro start_time:integer watcher:integer platform_mask:integer',
  osquery_packs:
    'name platform version shard:integer discovery_cache_hits:integer discovery_executions:integer active:integer',
  osquery_registry: 'registry name owner_uuid:integer internal:integer active:integer',
  osquery_schedule:
    'name query interval:integer executions:bigint last_executed:bigint denylisted:integer output_size:bigint wall_time:bigint wall_time_ms:bigint last_wall_time_ms:bigint user_time:bigint last_user_time:bigint system_time:bigint last_system_time:bigint average_memory:bigint last_memory:bigint | blacklisted:integer',
  portage_keywords: 'package version keyword mask:integer unmask:integer',
  portage_packages: 'package version slot build_time:bigint repository eapi:bigint size:bigint world:integer',
  portage_use: 'package version use',
  process_events:
    'pid:bigint path mode cmdline cwd auid:bigint uid:bigint euid:bigint gid:bigint egid:bigint owner_uid:bigint owner_gid:bigint atime:bigint mtime:bigint ctime:bigint btime:bigint parent:bigint time:bigint uptime:bigint fsuid:bigint suid:bigint fsgid:bigint sgid:bigint syscall | cmdline_size:bigint env env_count:bigint env_size:bigint overflows eid status:bigint access_time:bigint create_time:bigint change_time:bigint environment environment_count:bigint environment_size:bigint modify_time:bigint',
  process_file_events:
    'operation pid:bigint ppid:bigint time:bigint executable partial cwd path dest_path uid gid auid euid egid fsuid fsgid suid sgid uptime:bigint | eid',
  prometheus_metrics: 'target_name metric_name metric_value:double timestamp_ms:bigint',
  seccomp_events:
    'time:bigint uptime:bigint auid:bigint uid:bigint gid:bigint ses:bigint pid:bigint comm exe sig:bigint arch syscall compat:bigint ip code',
  selinux_events: 'type message time:bigint uptime:bigint | eid',
  smbios_tables: 'number:integer type:integer description handle:integer header_size:integer size:integer md5',
  socket_events:
    'action pid:bigint path fd auid:bigint family:integer local_address remote_address local_port:integer remote_port:integer time:bigint uptime:bigint status | protocol:integer socket eid success:integer',
  syslog_events: 'time:bigint datetime host severity:integer facility tag message | eid',
  ulimit_info: 'type soft_limit hard_limit',
  user_events:
    'uid:bigint auid:bigint pid:bigint message type:integer path address terminal time:bigint uptime:bigint | eid',
  yara_events: 'target_path category action matches count:integer strings tags time:bigint | eid transaction_id:bigint',
  ycloud_instance_metadata:
    'instance_id folder_id cloud_id name description hostname zone ssh_public_key serial_port_enabled metadata_endpoint',
};

export const unfilledTables: ReadonlyMap<string, { readonly columns: HostColumns; readonly hidden: HostColumns }> =
  new Map(
    Object.entries(layouts).map(([name, layout]) => {
      const [columns = '', hidden = ''] = layout.split(' | ');
      return [name, { columns: columnsFrom(columns), hidden: columnsFrom(hidden) }];
    }),
  );

function columnsFrom(layout: string): HostColumns {
  const entries = layout.split(' ').filter((column) => column !== '');
  return Object.fromEntries(
    entries.map((column) => {
      const [name = '', type = 'text'] = column.split(':');
      return [name, type as HostColumnType];
    }),
  );
}

rule Shell_To_Network {
  meta:
    description = "A shell whose input and output are a connection"
  strings:
    $device = "/dev/tcp/"
    $interactive = "bash -i"
  condition:
    all of them
}

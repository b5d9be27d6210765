"""Three servers that keep one history by Raft, by https on loopback. They unseal by themselves."""
import os
import signal

from processes import Process, free_port, wait_until
from servers import PROGRAM, ask, stanza, trusting


class Node:
    """One server. With `reads` it answers reads by itself while it is a standby, from what it knows by then; without, it
    asks the leader."""

    def __init__(self, cluster, name, reads):
        self.cluster, self.name, self.reads = cluster, name, reads
        self.folder = cluster.folder / name
        (self.folder / "data").mkdir(parents=True)
        self.port, self.cluster_port = free_port(), free_port()
        self.address = f"https://127.0.0.1:{self.port}"
        self.process = None

    def configure(self):
        tls, (certificate, key) = self.cluster.authority, self.cluster.certificate
        joins = "".join(f'  retry_join {{\n    leader_api_addr = "{node.address}"\n    leader_ca_cert_file = "{tls.file}"\n  }}\n'
                        for node in self.cluster.nodes if node is not self)
        storage = stanza("storage", "raft", path=str(self.folder / "data"), node_id=self.name,
                         performance_multiplier=str(self.cluster.patience),
                         autopilot_reconcile_interval="1s", autopilot_update_interval="1s")
        text = storage.replace("}\n", joins + "}\n")
        text += stanza("listener", "tcp", address=f"127.0.0.1:{self.port}", cluster_address=f"127.0.0.1:{self.cluster_port}",
                       tls_cert_file=str(certificate), tls_key_file=str(key))
        text += stanza("seal", "static", current_key_id="1", current_key=f"file://{self.cluster.seal_key}")
        text += f'api_addr = "{self.address}"\ncluster_addr = "https://127.0.0.1:{self.cluster_port}"\ndisable_mlock = true\n'
        text += "disable_ssct_tokens = false\n"
        if not self.reads:
            text += "disable_standby_reads = true\n"
        (self.folder / "server.hcl").write_text(text)

    def start(self):
        self.process = Process([PROGRAM, "server", f"-config={self.folder / 'server.hcl'}"], self.folder / "log",
                               {"HOME": str(self.folder)})

    def ask(self, method, path, body=None, token=""):
        return ask(self.address, method, path, body, token=token, context=self.cluster.context)

    def stop(self, how=signal.SIGKILL):
        if self.process is not None:
            self.process.stop(how)

    def running(self):
        return self.process is not None and self.process.running()

    def is_leader(self):
        try:
            return self.running() and self.ask("GET", "sys/leader")[1].get("is_self", False)
        except OSError:
            return False

    def answers(self, statuses=(200, 429)):
        try:
            return self.running() and self.ask("GET", "sys/health")[0] in statuses
        except OSError:
            return False


class Cluster:
    """The first node begins as leader, the last one reads. With a patience of 1 they miss their leader as soon as a local
    network allows: within about a second."""

    def __init__(self, folder, authority, size=3, patience=1):
        folder.mkdir()
        self.patience = patience
        self.folder, self.authority, self.context = folder, authority, trusting(authority)
        self.certificate = authority.issue("node")
        self.seal_key = folder / "seal.key"
        self.seal_key.write_bytes(os.urandom(32))
        self.nodes = [Node(self, f"node{n}", reads=n == size) for n in range(1, size + 1)]
        self.root = None

    def start(self):
        for node in self.nodes:
            node.configure()
            node.start()
        first = self.nodes[0]
        wait_until(lambda: first.answers((501,)), "a node that can be initialised")
        status, answer = first.ask("PUT", "sys/init", {"recovery_shares": 1, "recovery_threshold": 1})
        assert status == 200, answer
        self.root = answer["root_token"]
        # A node that joins becomes a voter at once, not after ten seconds.
        wait_until(lambda: first.ask("POST", "sys/storage/raft/autopilot/configuration", {"server_stabilization_time": "1s"},
                                     token=self.root)[0] < 300, "a leader")
        self.wait()

    def wait(self):
        """Until there is a leader, and every running node answers and votes."""
        running = [node for node in self.nodes if node.running()]

        def whole():
            leader = self.leader()
            return leader and all(node.answers() for node in running) and self.voters(leader) == len(self.nodes)
        wait_until(whole, "a cluster with all its voters")

    def voters(self, leader):
        try:
            status, answer = leader.ask("GET", "sys/storage/raft/configuration", token=self.root)
        except OSError:
            return 0
        return sum(one["voter"] for one in answer["data"]["config"]["servers"]) if status == 200 else 0

    def leader(self):
        return next((node for node in self.nodes if node.is_leader()), None)

    def standbys(self):
        """The running ones, those that ask the leader first."""
        leader = self.leader()
        return sorted((node for node in self.nodes if node is not leader and node.running()), key=lambda node: node.reads)

    def stop(self):
        for node in self.nodes:
            node.stop()

public import Evidence
public import Linux
public import Values

/// Looks at one TCP port: which sockets it has, and who holds them.
public struct PortSurvey: Sendable {
    let port: Port
    let root: HostRoot
    /// Held apart, so that a test can bound it; see `BoundSocketSearch`.
    var boundBudget = BoundSocketSearch.Budget()

    public init(of port: Port, at root: HostRoot = .live) {
        self.port = port
        self.root = root
    }

    /// Who listens, with every holder. Other sockets of the port are looked at only where nobody does.
    public func holders() throws(SystemError) -> PortFact {
        let rows = try listeningRows()
        guard !rows.isEmpty else { return try everything().fact }
        var fact = PortFact(port: port)
        let census = try HolderSearch(at: root).holders(of: rows.map(\.inode))
        fact.listeners = rows.map { Listener($0, census) }
        fact.add(census)
        fact.networkNamespace = networkNamespace
        return fact
    }

    /// Who listens, with the first holder that is met; `likely` are asked first. Not complete by intent.
    public func firstHolder(likely: [Int32] = [], name: String? = nil) throws(SystemError) -> PortFact {
        let rows = try listeningRows()
        guard !rows.isEmpty else { return try everything().fact }
        var fact = PortFact(port: port)
        let census = try HolderSearch(at: root).firstHolder(of: rows.map(\.inode), likely: likely, name: name)
        fact.listeners = rows.map { Listener($0, census) }
        fact.add(census)
        fact.networkNamespace = networkNamespace
        return fact
    }

    /// Every socket of the port in every state, with the table rows as they were read.
    public func everything() throws(SystemError) -> (fact: PortFact, rows: [PortRows]) {
        var fact = PortFact(port: port)
        fact.networkNamespace = networkNamespace
        fact.ephemeralRange = ephemeralRange
        fact.localAddresses = root.isLive ? IPAddress.ofInterfaces.map(\.description) : []
        var tables: [PortRows] = []
        for table in SocketTable.allCases {
            do {
                tables.append(try PortRows(of: port, in: table, at: root))
            } catch  where table == .tcp6 && error.isNotFound {
                continue  // a host without IPv6
            }
        }
        let rows = tables.flatMap(\.rows)
        let listening = rows.filter { $0.state == .listen }
        fact.otherStates = tables.reduce(into: [:]) { $0.merge($1.otherStates, uniquingKeysWith: +) }

        let search = HolderSearch(at: root)
        guard listening.isEmpty else {
            let census = try search.holders(of: listening.map(\.inode))
            fact.listeners = listening.map { Listener($0, census) }
            if root.isLive { for index in fact.listeners.indices { fact.listeners[index].askWhetherV6Only() } }
            fact.add(census)
            return (fact, tables)
        }
        let connected = rows.filter { $0.inode > 0 }
        if root.isLive {
            let bound = BoundSocketSearch(on: port, budget: boundBudget)
            let (census, sockets) = try bound.run(besides: connected.map(\.inode), search)
            fact.clients = connected.map { ClientSocket($0, census) }
            fact.add(census)
            fact.add(sockets)
        } else {
            let census = try search.holders(of: connected.map(\.inode))
            fact.clients = connected.map { ClientSocket($0, census) }
            fact.add(census)
        }
        return (fact, tables)
    }

    /// The kernel's own filter where it is at hand, else the head of /proc/net/tcp and tcp6.
    private func listeningRows() throws(SystemError) -> [SocketRow] {
        if root.isLive, SocketDiagnosis.isResident,
            let rows = SocketDiagnosis.sockets(of: port.rawValue, in: [.listen])
        {
            return rows
        }
        return try SocketTable.listeners(on: port.rawValue, at: root)
    }

    private var networkNamespace: UInt64? { try? ProcessDirectory.ownNamespace("net", at: root) }

    private var ephemeralRange: [UInt16] {
        guard let bytes = try? contents(of: root("/proc/sys/net/ipv4/ip_local_port_range"), limit: 64) else {
            return []
        }
        var cursor = ByteCursor()
        guard let low = cursor.decimal(in: bytes.span), let high = cursor.decimal(in: bytes.span),
            let low = UInt16(exactly: low), let high = UInt16(exactly: high)
        else { return [] }
        return [low, high]
    }
}

extension PortFact {
    mutating func add(_ census: HolderCensus) {
        complete = census.complete
        unreadable = census.unreadable.map { UnreadableProcess(pid: $0.pid, why: $0.error.reason) }
        processesHidden = census.hidesProcesses
        processesScanned = census.processes
        descriptorsScanned = census.descriptors
    }

    mutating func add(_ search: BoundSocketSearch.Outcome) {
        bound = search.sockets
        boundLookedFor = search.lookedFor
        if search.cutShort { complete = false }
    }
}

extension Listener {
    init(_ row: SocketRow, _ census: HolderCensus) {
        self.init(
            address: row.local.address.description, family: row.local.address.family == .ipv4 ? .ipv4 : .ipv6,
            inode: row.inode, user: row.user, holders: census.holders(of: row.inode).map(Holder.init))
    }
}

extension Listener {
    /// No table says whether an IPv6 listener takes IPv4 connections too; the socket itself does, where a holder lets
    /// us borrow it.
    fileprivate mutating func askWhetherV6Only() {
        guard family == .ipv6 else { return }
        for holder in holders.prefix(4) where v6Only == nil {
            v6Only = try? BorrowedSocket(
                of: holder.process.pid, descriptor: holder.descriptor, inode: inode)?.isV6Only
        }
    }
}

extension ClientSocket {
    init(_ row: SocketRow, _ census: HolderCensus) {
        self.init(
            state: row.state.name, local: row.local.description, remote: row.remote.description, inode: row.inode,
            holders: census.holders(of: row.inode).map(Holder.init))
    }
}

extension Holder {
    init(_ hit: HolderCensus.Hit) { self.init(process: hit.process, descriptor: hit.descriptor) }
}

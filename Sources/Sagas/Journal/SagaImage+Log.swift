extension SagaImage {
  /// Rebuilds a saga from the bytes of its records: every entry through the same machine that wrote it.
  ///
  /// Throws ``SagaError`` with code `brokenLog` where a record is missing, cannot be read, or contradicts the plan.
  init(id: String, records: [[UInt8]], header: RecordFormat.Header, program: SagaProgram, codec: any Codec)
    throws
  {
    var startedAt: Timestamp?
    var image: SagaImage?
    for bytes in records {
      do {
        let record = try RecordFormat(decoding: bytes)
        startedAt = startedAt ?? record.time
        var current =
          try image
          ?? SagaImage(
            info: SagaInfo(
              id: id, run: SagaInfo.run(of: header.runID), kind: program.kind, startedAt: record.time,
              metadata: header.metadata, options: OptionsFormat.options(from: header.options),
              mark: header.mark),
            program: program, machine: SagaMachine(plan: program.plan),
            data: SagaData(root: program.decodedInput(header.input, codec, of: id)))
        image = nil  // one owner, so that the fold writes in place
        guard record.firstNumber == current.machine.entries else {
          throw SagaError.brokenLog(id, "entry \(current.machine.entries) is missing")
        }
        for (entry, attachment) in record.entries {
          try current.machine.apply(entry, at: record.time)
          let payload = try program.payload(for: entry, attachment, codec, of: id)
          current.data.fold(entry, payload, current.machine.rows, program)
          switch attachment {
          case .scratch(let writes, _): current.data.record(ScratchWrites(writes, codec: codec))
          case .event(let delivery, _): current.data.consume(delivery.number, by: entry)
          case .none, .value, .error, .header, .redacted: break
          }
        }
        image = current
      } catch let error as SagaError {
        throw error
      } catch {
        throw SagaError.brokenLog(id, "a record cannot be read or contradicts the plan", cause: error)
      }
    }
    guard let image else { throw SagaError.brokenLog(id, "it is empty") }
    self = image
  }

  /// What the first record says of the saga.
  static func header(id: String, records: [[UInt8]]) throws -> RecordFormat.Header {
    do {
      guard let first = records.first,
        case .header(let header)? = try RecordFormat(decoding: first).entries.first?.attachment
      else { throw SagaError.brokenLog(id, "it does not begin with a creation") }
      return header
    } catch let error as SagaError {
      throw error
    } catch {
      throw SagaError.brokenLog(id, "its first record cannot be read", cause: error)
    }
  }
}

extension SagaProgram {
  /// The program of a saga by what was recorded at its start. Throws ``SagaError`` `brokenLog` where that cannot be
  /// read.
  func with(header: RecordFormat.Header, of id: String) throws -> SagaProgram {
    do {
      return with(try OptionsFormat.options(from: header.options))
    } catch {
      throw SagaError.brokenLog(id, "the options it was started with cannot be read", cause: error)
    }
  }

  fileprivate func decodedInput(_ bytes: [UInt8], _ codec: any Codec, of id: String) throws -> AnyStateBox {
    do {
      return try state.decode(bytes, codec)
    } catch {
      throw SagaError.undecodable(
        id, "its recorded State", state.coding.shortName, cause: error)
    }
  }

  fileprivate func payload(
    for entry: Entry, _ attachment: RecordFormat.Attachment, _ codec: any Codec, of id: String
  ) throws -> Payload {
    switch attachment {
    case .none, .header: return .none
    case .error(let error): return .error(error)
    case .scratch(_, let own), .event(_, let own): return try payload(for: entry, own, codec, of: id)
    case .redacted: return .value(RedactedValue(), encoded: nil)
    case .value(let bytes):
      switch entry {
      case .completed(let node, _), .returnedLate(let node, _), .lateResult(let node, _),
        .delivered(let node, _), .answered(let node, .noFailure):
        guard let coding = self[node].coding else { return .none }
        return .value(try decoded(bytes, coding, codec, node, of: id), encoded: bytes)
      case .answered(let node, .output):
        guard case .output(_, let coding) = self[node] else { return .none }
        return .value(try decoded(bytes, coding, codec, node, of: id), encoded: bytes)
      case .answered(_, .waves):
        return .value(try codec.decode([String].self, from: bytes), encoded: bytes)
      default:
        return .none
      }
    }
  }

  private func decoded(
    _ bytes: [UInt8], _ coding: ValueCoding, _ codec: any Codec, _ node: NodeID, of id: String
  ) throws -> any Sendable {
    do {
      return try coding.decode(bytes, codec)
    } catch {
      let isOutput = plan[node].kind == .output
      throw SagaError.undecodable(
        id, isOutput ? "its recorded output" : "its recorded result", coding.shortName,
        step: isOutput ? nil : plan.name(of: node), cause: error)
    }
  }
}

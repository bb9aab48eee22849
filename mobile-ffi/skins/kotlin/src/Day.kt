// Plays skins/day.txt through the Kotlin skin on the JVM: DayKt BASE FOLDER SCRIPT CODE_AN CODE_BINH CODE_CHI
//
// Keys, clocks and randomness are reckoned from the names alone, so that every skin makes the same events, byte for byte.
// The Python twin is skins/python/day.py: what is changed here is changed there.

import java.io.File
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.security.MessageDigest
import uniffi.mobile_ffi.Courier
import uniffi.mobile_ffi.CourierException
import uniffi.mobile_ffi.Hat
import uniffi.mobile_ffi.HostPlatform
import uniffi.mobile_ffi.HostTransport
import uniffi.mobile_ffi.HttpHeader
import uniffi.mobile_ffi.HttpReply
import uniffi.mobile_ffi.Ledger
import uniffi.mobile_ffi.Manner
import uniffi.mobile_ffi.MonoReading
import uniffi.mobile_ffi.Recipient
import uniffi.mobile_ffi.Seen
import uniffi.mobile_ffi.SharedPhone
import uniffi.mobile_ffi.SoftKey
import uniffi.mobile_ffi.Sums
import uniffi.mobile_ffi.Tender

val NAMES = listOf("an", "binh", "chi")
const val MORNING = 1_795_401_000_000L
const val MINUTE = 60_000L
const val SYNCS = 200
val MANNER = Manner(Hat.CARRIER)
val AUTHORISED = Manner(Hat.CARRIER, details = mapOf("authorisation" to "UQ-7"))

fun digest(text: String): ByteArray = MessageDigest.getInstance("SHA-256").digest(text.toByteArray())

/** A phone of nothing but its name. What the morning's sync drew is forgotten at the restart that begins the day. */
class Host(private val name: String) : HostPlatform {
    private val key = SoftKey.fromSecret(digest("key $name"))
    private var wall = MORNING
    private var mono = 0L
    private var boots = 0
    private var draws = 0
    var broken = false

    fun restart() {
        boots += 1
        mono = 0
        draws = 0
    }

    fun pass(ms: Long) {
        wall += ms
        mono += ms
    }

    override fun nowMs() = wall

    override fun mono() = MonoReading(digest("boot $name $boots").copyOf(16), mono.toULong())

    override fun publicKey() = key.publicKey()

    override fun sign(message: ByteArray): ByteArray {
        check(!broken) { "the key store threw" }
        return key.sign(message)
    }

    override fun storeKey() = digest("store $name")

    override fun freeBytes(): ULong? = null

    override fun random(len: UInt): ByteArray {
        draws += 1
        return digest("random $name $boots $draws").copyOf(len.toInt())
    }
}

class Network(private val base: String) : HostTransport {
    private val client: HttpClient = HttpClient.newHttpClient()

    override fun send(method: String, path: String, headers: List<HttpHeader>, body: ByteArray): HttpReply {
        val request = HttpRequest.newBuilder(URI.create(base + path))
        headers.forEach { request.header(it.name, it.value) }
        request.method(method, HttpRequest.BodyPublishers.ofByteArray(body))
        val answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray())
        val kept = answer.headers().map().flatMap { (name, values) -> values.map { HttpHeader(name, it) } }
        return HttpReply(answer.statusCode().toUShort(), kept, answer.body())
    }
}

fun label(number: Int): String {
    val serial = "%08d".format(97_000_000 + number)
    val weights = listOf(8, 6, 4, 2, 3, 5, 9, 7)
    val check = 11 - serial.toList().zip(weights).sumOf { (digit, weight) -> digit.digitToInt() * weight } % 11
    return "EE$serial${mapOf(10 to 0, 11 to 5)[check] ?: check}VN"
}

fun labels(text: String): List<String> = text.split(",").flatMap { part ->
    val ends = part.split("-").map(String::toInt)
    (ends.first()..ends.last()).map(::label)
}

/** Three people and two phones: an and chi share one. */
class Day(private val folder: File) {
    private val shared = SharedPhone.open(folder.path, 3_600_000UL)
    val hosts = NAMES.associateWith { Host(it) }
    val cores = HashMap<String, Courier>()

    init {
        NAMES.forEach { cores[it] = open(it) }
    }

    fun open(name: String): Courier = when (name) {
        "binh" -> Courier.open(File(folder, "binh.db").path, hosts.getValue(name))
        else -> shared.switchTo(name, hosts.getValue(name))
    }

    fun play(line: String) {
        hosts.values.forEach { it.pass(MINUTE) }
        val words = line.trim().split(Regex("\\s+"))
        val (who, act) = words
        val rest = words.drop(2)
        val core = cores.getValue(who)
        val host = hosts.getValue(who)
        when (act) {
            "comes" -> cores[who] = open(who)
            "restarts" -> {
                host.restart()
                cores[who] = open(who)
            }
            "breaks" -> {
                host.broken = true
                val refused = runCatching { core.takeIn(label(rest[1].toInt()), "RESULT_TO_APPLICANT", "", 1U, MANNER) }
                check(refused.exceptionOrNull() is CourierException.Host) { "an act without a signature was recorded" }
                host.broken = false
            }
            "gives" -> handOver(core, cores.getValue(rest[2]), labels(rest[0]))
            "takes_back" -> {
                core.offer(cores.getValue(rest[2]).hello(Hat.CARRIER), labels(rest[0]), MANNER)
                core.openHandovers().forEach { core.revokeOffer(it.handoverId) }
            }
            "paper_fallback" -> core.paperFallback(labels(rest[0]), rest[1], MANNER)
            "ends_shift" -> endShift(core, cores.getValue(rest[4]), rest.take(3).map(String::toLong))
            else -> labels(rest[0]).forEach { one(core, act, it, rest.drop(1)) }
        }
    }

    private fun one(core: Courier, act: String, item: String, rest: List<String>) {
        when (act) {
            "take_in" -> core.takeIn(item, "RESULT_TO_APPLICANT", rest[0], rest[1].toUInt(), MANNER)
            "attempt_failed" -> core.attemptFailed(item, rest[0], MANNER)
            "deliver" -> {
                val manner = when {
                    rest.size > 2 -> Manner(Hat.CARRIER, evidence = listOf(photograph(core, rest[2])))
                    rest[0] == "representative" -> AUTHORISED
                    else -> MANNER
                }
                core.deliver(item, Recipient.valueOf(rest[0].uppercase()), rest[1].toULong(), manner)
            }
            "hold" -> core.hold(item, MANNER)
            "return" -> core.returnItem(item, MANNER)
            "refuse" -> core.refuse(item, rest[0], MANNER)
            "collects" -> {
                val collected = core.collect(item, Ledger.valueOf(rest[0].uppercase()), rest[1].toLong(), Tender.CASH, MANNER)
                check((collected.receipt != null) == (rest[0] == "state_fee")) { "receipt ${collected.receipt}" }
            }
            else -> error("no such act: $act")
        }
    }

    private fun photograph(core: Courier, name: String): ByteArray {
        val line = digest("picture $name")
        val picture = ByteArray(line.size * 100) { line[it % line.size] }
        val seen = core.keepPhotograph(picture)
        check(seen.contentEquals(MessageDigest.getInstance("SHA-256").digest(picture))) { "another hash" }
        return seen
    }

    private fun endShift(keeper: Courier, checker: Courier, sums: List<Long>) {
        val counted = Sums(sums[0], sums[1], sums[2])
        val count = keeper.countTill(Hat.CARRIER, counted, null)
        val signature = checker.signCount(Hat.CARRIER, count.envelope, counted)
        keeper.settled(signature.envelope)
        check(keeper.till(Hat.CARRIER).lines.isEmpty()) { "the till is not empty" }
    }

    private fun handOver(giver: Courier, receiver: Courier, items: List<String>) {
        val offer = giver.offer(receiver.hello(Hat.CARRIER), items, MANNER)
        val accept = receiver.accept(offer.picture, items.map { Seen(it, null, true) }, listOf())
        val release = giver.release(accept.envelope)
        receiver.finish(release.envelope)
    }
}

/** The server takes a photograph once it has folded the event that names it, which may be a sync later. */
fun bringPhotographs(core: Courier, network: Network) {
    repeat(SYNCS) {
        if (core.photographsWaiting() == 0UL) return
        core.sync(network)
    }
    error("the photograph was not taken")
}

fun main(args: Array<String>) {
    val network = Network(args[0])
    val day = Day(File(args[1]))
    NAMES.zip(args.drop(3)).forEach { (name, code) ->
        day.cores.getValue(name).enrol(code, network)
        day.cores.getValue(name).sync(network)
        day.hosts.getValue(name).restart()
    }
    day.cores["binh"] = day.open("binh")
    File(args[2]).readLines().filter { it.isNotBlank() && !it.startsWith("#") }.forEach(day::play)
    val waiting = NAMES.sumOf { day.cores.getValue(it).photographsWaiting().toLong() }
    check(waiting == 1L) { "$waiting photographs wait" }
    val sent = NAMES.sumOf { day.cores.getValue(it).sync(network).sent.toLong() }
    bringPhotographs(day.cores.getValue("an"), network)
    check(NAMES.all { day.cores.getValue(it).status().unsent == 0UL }) { "something was not sent" }
    println("kotlin: $sent envelopes sent")
}

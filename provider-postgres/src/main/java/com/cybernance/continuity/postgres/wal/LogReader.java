package com.cybernance.continuity.postgres.wal;

import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.CommitMark;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.wal.LogStop.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log of one cluster, fed in order and in parts of any size, and hands over each commit once the last byte of
 * its record was read and its checksum found right. At the first thing that is not right it stops for good: what comes
 * after a fault is never read. Holds some thousand bytes, however long records are. Not thread-safe.
 *
 * <p>The caller chooses the timeline: where the path to a moment leaves one timeline at a position, feed that timeline's
 * bytes up to it, and the next one's from it.
 */
public final class LogReader {
    private final String system;
    private final int segmentSize;
    private final Consumer<Commit> commits;
    private final ByteBuffer page = ByteBuffer.allocate(PageHeader.LONG).order(ByteOrder.LITTLE_ENDIAN);
    private final RecordHead record = new RecordHead();

    private Consumer<MadeTablespace> tablespaces = made -> {};
    private Doing doing;
    private long position;
    private long skipTo;
    private long recordStart;
    private @Nullable Lsn lastRecordStart;
    private @Nullable Lsn lastRecordEnd;
    private int magic;
    private int pageTimeline;
    private int timeline;
    private @Nullable LogStop stop;

    /** What the next bytes are. */
    private enum Doing {
        /** The middle of a record whose beginning was not fed. */
        SEEK,
        /** The end of that record, up to {@code skipTo}. */
        REST,
        /** What is left of a segment behind a switch, up to {@code skipTo}. */
        TAIL,
        RECORD
    }

    private LogReader(
            Cluster cluster, int segmentSize, int timeline, Lsn start, Doing doing, Consumer<Commit> commits) {
        this.system = cluster.system();
        this.segmentSize = segmentSize;
        this.timeline = timeline;
        this.position = start.value();
        this.doing = doing;
        this.commits = commits;
    }

    /**
     * Reads from the beginning of a record on, such as the start of a backup, or the {@link #lastRecordEnd} of another
     * reader.
     *
     * @param segmentSize of the cluster, in bytes
     * @param timeline that the first bytes belong to; pages of earlier ones are its own past
     * @param start a record begins there, or behind the header of the page that does
     */
    public static LogReader atRecord(
            Cluster cluster, int segmentSize, int timeline, Lsn start, Consumer<Commit> commits) {
        return new LogReader(cluster, segmentSize, timeline, start, Doing.RECORD, commits);
    }

    /**
     * Reads from any position on. The first record that is read is the first that begins on the first page whose header
     * is fed; a commit before that, also one that ends later, is not handed over.
     */
    public static LogReader anywhere(
            Cluster cluster, int segmentSize, int timeline, Lsn start, Consumer<Commit> commits) {
        return new LogReader(cluster, segmentSize, timeline, start, Doing.SEEK, commits);
    }

    /** From now on hands over, like commits, each tablespace that the log makes. */
    public void tablespaces(Consumer<MadeTablespace> receiver) {
        tablespaces = receiver;
    }

    /** What is fed from now on belongs to a timeline that left the one before at {@link #position}. */
    public void follow(int nextTimeline) {
        timeline = nextTimeline;
    }

    /** The next bytes. After a stop they are passed over. */
    public void feed(byte[] bytes) {
        feed(bytes, 0, bytes.length);
    }

    /** As above, from a part of an array. */
    public void feed(byte[] bytes, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (at < end && stop == null) {
            int taken = pageOffset() < headerSize()
                    ? takeHeader(bytes, at, end)
                    : takeContent(bytes, at, Math.min(end - at, PageHeader.PAGE - pageOffset()));
            at += taken;
        }
    }

    /** The end of what was fed, or of what was read of it before a stop; exclusive. */
    public Lsn position() {
        return new Lsn(position);
    }

    /** Where the last whole and sound record begins; empty before the first. */
    public Optional<Lsn> lastRecordStart() {
        return Optional.ofNullable(lastRecordStart);
    }

    /**
     * Where the record behind the last whole and sound one begins: its exclusive end, rounded up to 8 bytes, or the next
     * segment behind a switch, which may not have been fed yet. Empty before the first.
     */
    public Optional<Lsn> lastRecordEnd() {
        return Optional.ofNullable(lastRecordEnd);
    }

    /**
     * Whether the beginning of the record that goes on, or begins, at {@link #position} was fed. Where it was when a piece
     * began, no commit of that piece is missed.
     */
    public boolean knowsItsPlace() {
        return doing == Doing.RECORD || doing == Doing.TAIL;
    }

    /** The server's major version; empty before the first whole page header. */
    public OptionalInt version() {
        return magic == 0 ? OptionalInt.empty() : OptionalInt.of(PageHeader.version(magic));
    }

    /** Why nothing more was read. */
    public LogStop stop() {
        if (stop != null) {
            return stop;
        }
        String detail = record.read() > 0
                ? "in the middle of a record that begins at " + new Lsn(recordStart)
                : "all that was fed was read";
        return new LogStop(Reason.END_OF_DATA, position(), detail);
    }

    private int pageOffset() {
        return (int) (position & (PageHeader.PAGE - 1));
    }

    private boolean firstOfSegment() {
        return ((position - pageOffset()) & (segmentSize - 1)) == 0;
    }

    /** Of the page that the position is on. One that was entered behind its beginning has no header to read. */
    private int headerSize() {
        if (page.position() == 0 && pageOffset() > 0) {
            return 0;
        }
        return firstOfSegment() ? PageHeader.LONG : PageHeader.SHORT;
    }

    private int takeHeader(byte[] bytes, int at, int end) {
        int taken = Math.min(end - at, headerSize() - page.position());
        page.put(bytes, at, taken);
        long begin = position - pageOffset();
        if (page.position() == headerSize()) {
            beginPage(new Lsn(begin), headerSize() == PageHeader.LONG);
            position += taken;
            page.clear();
        } else {
            position += taken;
        }
        return taken;
    }

    private void beginPage(Lsn at, boolean firstOfSegment) {
        if (doing == Doing.TAIL) {
            return; // what follows a switch is zeros, also where page headers would be
        }
        PageHeader header = PageHeader.read(page);
        Optional<LogStop> fault = header.fault(at, firstOfSegment);
        if (fault.isEmpty() && firstOfSegment) {
            fault = PageHeader.longFault(page, at, system, segmentSize);
        }
        if (fault.isEmpty() && (magic != 0 && magic != header.magic())) {
            fault = Optional.of(new LogStop(
                    Reason.MALFORMED,
                    at,
                    "the page begins with %04X, those before with %04X".formatted(header.magic(), magic)));
        }
        if (fault.isEmpty() && (header.timeline() < pageTimeline || header.timeline() > timeline)) {
            fault = Optional.of(new LogStop(
                    Reason.FOREIGN,
                    at,
                    "the page is of timeline %d, expected %d"
                            .formatted(header.timeline(), header.timeline() > timeline ? timeline : pageTimeline)));
        }
        if (fault.isPresent()) {
            stop = fault.get();
            return;
        }
        magic = header.magic();
        pageTimeline = header.timeline();
        if (doing == Doing.SEEK) {
            seek(header, at.value() + page.position());
        } else if (record.read() > 0) {
            goOn(header, at);
        } else if (header.continues()) {
            stop = new LogStop(Reason.MALFORMED, at, "the page continues a record where none had begun");
        }
    }

    /** The first page that is seen: the first record is behind the rest of the one before. */
    private void seek(PageHeader header, long content) {
        long next = content + align(header.remaining());
        long pageEnd = content - (content & (PageHeader.PAGE - 1)) + PageHeader.PAGE;
        if (header.continues() && next > pageEnd) {
            return; // the record fills this page and goes on
        }
        doing = next == content ? Doing.RECORD : Doing.REST;
        skipTo = next;
    }

    private void goOn(PageHeader header, Lsn at) {
        int expected = record.length() - record.read();
        if (header.overwrites()) {
            record.clear();
        } else if (header.remaining() != expected) {
            stop = new LogStop(
                    Reason.MALFORMED,
                    at,
                    "the page continues a record by %d bytes, expected %d".formatted(header.remaining(), expected));
        }
    }

    private int takeContent(byte[] bytes, int at, int available) {
        if (doing == Doing.SEEK) {
            position += available;
            return available;
        }
        if (doing == Doing.REST || doing == Doing.TAIL) {
            int taken = (int) Math.min(available, skipTo - position);
            position += taken;
            if (position == skipTo) {
                doing = Doing.RECORD;
            }
            return taken;
        }
        int taken = record.read() == 0 && (position & 7) != 0
                ? Math.min(available, (int) (align(position) - position))
                : takeRecord(bytes, at, available);
        position += taken;
        return taken;
    }

    private int takeRecord(byte[] bytes, int at, int available) {
        if (record.read() == 0) {
            recordStart = position;
        }
        int wanted = record.read() < Integer.BYTES
                ? Integer.BYTES
                : record.read() < RecordHead.HEADER ? RecordHead.HEADER : record.length();
        int taken = Math.min(available, wanted - record.read());
        record.add(bytes, at, taken);
        if (record.read() == Integer.BYTES) {
            checkLength();
        } else if (record.read() == RecordHead.HEADER) {
            checkPrevious();
        }
        if (stop == null && record.read() >= RecordHead.HEADER && record.read() == record.length()) {
            endRecord(position + taken);
        }
        return taken;
    }

    private void checkLength() {
        int length = record.length();
        if (length == 0) {
            stop = new LogStop(Reason.ZEROS, new Lsn(recordStart), "zeros where a record should begin");
        } else if (length < RecordHead.HEADER || length > RecordHead.MOST) {
            stop = new LogStop(
                    Reason.MALFORMED,
                    new Lsn(recordStart),
                    "a record of %d bytes".formatted(Integer.toUnsignedLong(length)));
        }
    }

    private void checkPrevious() {
        Lsn previous = new Lsn(record.previous());
        Lsn expected = lastRecordStart;
        if (expected == null ? !previous.isBefore(new Lsn(recordStart)) : !previous.equals(expected)) {
            stop = new LogStop(
                    Reason.MALFORMED,
                    new Lsn(recordStart),
                    "the record follows one at %s, expected %s"
                            .formatted(previous, expected == null ? "an earlier one" : expected));
        }
    }

    private void endRecord(long end) {
        Lsn start = new Lsn(recordStart);
        if (!record.isSound()) {
            stop = new LogStop(
                    Reason.CHECKSUM, start, "a record of %d bytes is not what was written".formatted(record.length()));
            return;
        }
        Optional<Instant> committed = record.committed();
        if (record.isCommit() && committed.isEmpty()) {
            stop = new LogStop(
                    Reason.MALFORMED, start, "a commit of %d bytes without a time".formatted(record.length()));
            return;
        }
        Lsn rounded = new Lsn(align(end));
        lastRecordStart = start;
        lastRecordEnd = rounded;
        if (record.isSwitch()) {
            skipTo = new Lsn(end - 1).segmentStart(segmentSize).value() + segmentSize;
            doing = skipTo == end ? Doing.RECORD : Doing.TAIL;
            lastRecordEnd = new Lsn(skipTo);
        }
        committed.ifPresent(at -> commits.accept(new Commit(new CommitMark(at, start, rounded), record.xid())));
        record.tablespace(start).ifPresent(tablespaces);
        record.clear();
    }

    private static long align(long position) {
        return (position + 7) & ~7L;
    }
}

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.IntField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.facet.FacetResult;
import org.apache.lucene.facet.Facets;
import org.apache.lucene.facet.FacetsCollector;
import org.apache.lucene.facet.FacetsCollectorManager;
import org.apache.lucene.facet.FacetsConfig;
import org.apache.lucene.facet.LabelAndValue;
import org.apache.lucene.facet.LongValueFacetCounts;
import org.apache.lucene.facet.sortedset.DefaultSortedSetDocValuesReaderState;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesFacetCounts;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesFacetField;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesReaderState;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.apache.lucene.store.MMapDirectory;

/** Lucene as a peer of the benchmarks: `build` reads articles from standard input, `serve` one query a line; tabs separate. */
public final class Peer {
    private static final String[] FACETS = {"person", "country", "topic"};
    private static final int TEN = 10;
    private static final FacetsConfig CONFIG = new FacetsConfig();

    static {
        for (String name : FACETS) {
            CONFIG.setMultiValued(name, true);
            CONFIG.setIndexFieldName(name, "facet." + name);
        }
    }

    public static void main(String[] arguments) throws Exception {
        MMapDirectory directory = new MMapDirectory(Path.of(arguments[1]));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8), 1 << 20);
        if (arguments[0].equals("build")) {
            build(directory, in);
        } else {
            new Peer(directory).serve(in, new PrintStream(System.out, false, StandardCharsets.UTF_8));
        }
    }

    private static void build(MMapDirectory directory, BufferedReader in) throws Exception {
        FieldType body = new FieldType(TextField.TYPE_STORED);
        body.setIndexOptions(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS_AND_OFFSETS); // for the highlighter
        IndexWriterConfig config = new IndexWriterConfig(new StandardAnalyzer()).setRAMBufferSizeMB(512);
        try (IndexWriter writer = new IndexWriter(directory, config)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] cells = line.split("\t", -1);
                Document document = new Document();
                document.add(new StringField("id", cells[0], Field.Store.YES));
                document.add(new StoredField("title", cells[1]));
                document.add(new Field("body", cells[2], body));
                document.add(new IntField("year", Integer.parseInt(cells[3]), Field.Store.NO));
                for (int i = 0; i < FACETS.length; i++) {
                    for (String value : cells[4 + i].isEmpty() ? new String[0] : cells[4 + i].split("\\|")) {
                        document.add(new StringField(FACETS[i], value, Field.Store.NO));
                        document.add(new SortedSetDocValuesFacetField(FACETS[i], value));
                    }
                }
                writer.addDocument(CONFIG.build(document));
            }
            writer.commit();
        }
    }

    private final IndexSearcher searcher;
    private final SortedSetDocValuesReaderState[] states = new SortedSetDocValuesReaderState[FACETS.length];
    private final UnifiedHighlighter highlighter;

    private Peer(MMapDirectory directory) throws Exception {
        searcher = new IndexSearcher(DirectoryReader.open(directory));
        searcher.setQueryCache(null);
        Analyzer analyzer = new StandardAnalyzer();
        for (int i = 0; i < FACETS.length; i++) {
            states[i] = new DefaultSortedSetDocValuesReaderState(searcher.getIndexReader(), "facet." + FACETS[i], CONFIG);
        }
        highlighter = UnifiedHighlighter.builder(searcher, analyzer).build();
    }

    private void serve(BufferedReader in, PrintStream out) throws Exception {
        out.println("ready");
        out.flush();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            long began = System.nanoTime();
            StringBuilder answer = answer(line.split("\t", -1));
            answer.append(",\"ms\":").append((System.nanoTime() - began) / 1e6).append('}');
            out.println(answer);
            out.flush();
        }
    }

    /** A query: what is asked, its kind, words, the excluded word, person, country, first and last year. */
    private StringBuilder answer(String[] asked) throws Exception {
        boolean facets = !asked[0].equals("top");
        boolean shown = asked[0].equals("page");
        Query query = query(asked, "");
        TopDocs top;
        FacetsCollector collected = null;
        if (facets) {
            FacetsCollectorManager.FacetsResult found =
                FacetsCollectorManager.search(searcher, query, TEN, new FacetsCollectorManager());
            top = found.topDocs();
            collected = found.facetsCollector();
        } else {
            top = searcher.search(query, new TopScoreDocCollectorManager(TEN, null, Integer.MAX_VALUE));
        }
        StringBuilder out = new StringBuilder("{\"total\":").append(top.totalHits.value).append(",\"hits\":[");
        String[] snippets = shown ? snippets(query, top) : null;
        for (int i = 0; i < top.scoreDocs.length; i++) {
            Document document = searcher.storedFields().document(
                top.scoreDocs[i].doc, asked[0].equals("ids") ? java.util.Set.of("id") : java.util.Set.of("id", "title"));
            out.append(i == 0 ? "[" : ",[");
            string(out, document.get("id"));
            if (!asked[0].equals("ids")) {
                string(out.append(','), document.get("title"));
            }
            if (shown) {
                string(out.append(','), snippets[i] == null ? "" : snippets[i]);
            }
            out.append(']');
        }
        out.append("],\"facets\":{");
        if (facets) {
            for (int i = 0; i < FACETS.length; i++) {
                boolean own = !asked[i == 0 ? 4 : 5].isEmpty() && i < 2;
                FacetsCollector over = own ? collect(query(asked, FACETS[i])) : collected;
                values(out.append(i == 0 ? "\"" : ",\"").append(FACETS[i]).append("\":"),
                    new SortedSetDocValuesFacetCounts(states[i], over).getTopChildren(TEN, FACETS[i]));
            }
            FacetsCollector over = asked[6].isEmpty() ? collected : collect(query(asked, "year"));
            Facets years = new LongValueFacetCounts("year", over);
            values(out.append(",\"year\":"), years.getAllChildren("year"));
        }
        return out.append('}');
    }

    private FacetsCollector collect(Query query) throws Exception {
        return FacetsCollectorManager.search(searcher, query, 1, new FacetsCollectorManager()).facetsCollector();
    }

    private String[] snippets(Query query, TopDocs top) throws Exception {
        int[] numbers = Arrays.stream(top.scoreDocs).mapToInt((ScoreDoc hit) -> hit.doc).toArray();
        return numbers.length == 0 ? new String[0]
            : highlighter.highlightFields(new String[] {"body"}, query, numbers, new int[] {2}).get("body");
    }

    private static Query query(String[] asked, String without) {
        List<Query> words = new ArrayList<>();
        String[] listed = asked[2].isEmpty() ? new String[0] : asked[2].split(" ");
        for (String word : listed) {
            words.add(asked[1].equals("prefix") ? new PrefixQuery(new Term("body", word)) : new TermQuery(new Term("body", word)));
        }
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        if (listed.length == 0) {
            all.add(new MatchAllDocsQuery(), Occur.MUST);
        } else if (asked[1].equals("phrase")) {
            all.add(new PhraseQuery("body", listed), Occur.MUST);
        } else if (asked[1].equals("or")) {
            BooleanQuery.Builder any = new BooleanQuery.Builder();
            words.forEach(word -> any.add(word, Occur.SHOULD));
            all.add(any.build(), Occur.MUST);
        } else {
            words.forEach(word -> all.add(word, Occur.MUST));
        }
        if (!asked[3].isEmpty()) {
            all.add(new TermQuery(new Term("body", asked[3])), Occur.MUST_NOT);
        }
        for (int i = 0; i < 2; i++) {
            if (!asked[4 + i].isEmpty() && !without.equals(FACETS[i])) {
                all.add(new TermQuery(new Term(FACETS[i], asked[4 + i])), Occur.FILTER);
            }
        }
        if (!asked[6].isEmpty() && !without.equals("year")) {
            all.add(IntField.newRangeQuery("year", Integer.parseInt(asked[6]), Integer.parseInt(asked[7])), Occur.FILTER);
        }
        return all.build();
    }

    private static void values(StringBuilder out, FacetResult found) {
        out.append('[');
        if (found != null) {
            for (LabelAndValue entry : found.labelValues) {
                string(out.append(out.charAt(out.length() - 1) == '[' ? "[" : ",["), entry.label);
                out.append(',').append(entry.value.longValue()).append(']');
            }
        }
        out.append(']');
    }

    private static void string(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char sign = text.charAt(i);
            if (sign == '"' || sign == '\\') {
                out.append('\\').append(sign);
            } else if (sign < ' ') {
                out.append(String.format("\\u%04x", (int) sign));
            } else {
                out.append(sign);
            }
        }
        out.append('"');
    }
}

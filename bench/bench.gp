# The cpu time of one container, by runtime:  gnuplot -e "data=...; out=..."
set terminal svg size 760,360 font "sans-serif,13" background "white"
set output out
set style data histograms
set style histogram clustered gap 1.5
set style fill solid 0.9 noborder
set boxwidth 0.9
set logscale y
set yrange [0.5:*]
set grid ytics lc rgb "#dddddd"
set ylabel "cpu time, ms (logarithmic)"
set key top left
set border 3
set xtics nomirror
set ytics nomirror
plot data using 2:xtic(1) title "run" lc rgb "#20639b", \
     data using ($3 > 0 ? $3 : 1/0) title "create, start, delete" lc rgb "#3caea3", \
     data using ($4 > 0 ? $4 : 1/0) title "exec" lc rgb "#f6a623"

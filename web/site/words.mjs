// The page's own words.  In the code they are in English; the table has the other
// languages.  "%s" is another word, in the order of the sentence.

/** @type {Record<string, string>} */
const ko = {
    // Around the text
    "Tutorial": "튜토리얼",
    "Chapters": "본문",
    "Files": "파일",
    "The stages' files": "단계별 파일",
    "Differences": "차이",
    "What each adds": "단계마다 더하는 것",
    "Exercises": "연습 문제",
    "Write it yourself": "직접 작성하기",
    "Documents": "문서",
    "Licences and sources": "라이선스와 소스",
    "Licences, and where the sources are": "라이선스와 소스의 위치",
    "A container, built one kernel feature at a time, with a machine to do it in":
        "커널 기능을 하나씩 더해 만드는 컨테이너, 그리고 직접 해 볼 머신",
    "Search": "검색",
    "Show all of each": "자세히 보기",
    "Empty": "지우기",
    "Back": "뒤로",
    "Nothing found for": "찾은 것이 없습니다:",
    "to choose": "선택",
    "to go": "이동",
    "to close": "닫기",
    "On this page": "이 페이지에서",
    "Before": "이전",
    "Next": "다음",
    "Light and dark": "밝기",
    "Make it light": "밝게 보기",
    "Make it dark": "어둡게 보기",
    "Menu": "메뉴",
    "To the top": "맨 위로",
    "Language": "언어",
    "Skip to content": "본문으로 건너뛰기",
    "There is no such page": "없는 페이지입니다",
    "The address may have changed; the search above knows all pages.":
        "주소가 바뀌었을 수 있습니다. 위의 검색에서 모든 페이지를 찾을 수 있습니다.",
    "To the beginning": "처음으로",
    "This text is there in English only.": "이 문서는 영어로만 있습니다.",
    "Read it in English": "영어로 읽기",
    "Beside this chapter": "이 장과 함께 볼 것",
    "the map of its files": "파일 지도",
    "what it adds to the stage before, side by side": "앞 단계에 더해진 것을 나란히 보기",
    "write it yourself, here": "여기에서 직접 작성하기",
    "What %s adds": "%s에서 더하는 것",
    "What %s adds to `main.c`": "%s 단계가 `main.c`에 더하는 것",
    "Beside it come the module's own files: %s.": "모듈의 파일은 따로 있습니다. %s를 보세요.",
    "the map": "파일 지도",
    "Write %s yourself": "%s 직접 작성하기",
    "Code": "코드",
    "%s, line %s": "%s, %s행",
    "%s files": "파일 %s개",
    "%s of %s": "%s / %s",
    "Sections": "절",
    "Copy Code": "코드 복사",

    // The machine
    "The machine": "머신",
    "Open the machine": "머신 열기",
    "Terminals and the machine": "터미널과 머신",
    "Terminal %s": "터미널 %s",
    "The machine is off.": "머신이 꺼져 있습니다.",
    "Loading: %s %": "불러오는 중: %s %",
    "Starting": "시작하는 중",
    "Ready.": "준비되었습니다.",
    "The machine has stopped: %s": "머신이 멈췄습니다: %s",
    "This page was built without its machine.": "이 페이지는 머신 없이 만들어졌습니다.",
    "Start over": "처음 상태로",
    "Start it": "켜기",
    "Keep": "보관",
    "Keep it in this browser": "이 브라우저에 보관하기",
    "Back to what was kept": "보관한 상태로 돌아가기",
    "Take it away as a file": "파일로 내려받기",
    "Bring it from a file": "파일에서 불러오기",
    "A machine's file": "머신 파일",
    "Hide": "숨기기",
    "Esc twice leaves the terminal. The second one is for “another terminal”.":
        "Esc를 두 번 누르면 터미널에서 나갑니다. 본문에서 \"다른 터미널\"이라고 하면 터미널 2를 쓰세요.",
    "The machine is new.": "머신이 처음 상태로 돌아갔습니다.",
    "Kept in this browser.": "이 브라우저에 보관했습니다.",
    "As you kept it.": "보관한 상태로 돌아갔습니다.",
    "Written to a file.": "파일로 저장했습니다.",
    "As in the file.": "파일에 담긴 상태로 돌아갔습니다.",
    "nothing is kept in this browser": "이 브라우저에 보관한 것이 없습니다",
    "this file is not a machine of this page": "이 페이지의 머신 파일이 아닙니다",
    "this machine was kept by another version of the page, and does not fit this one":
        "다른 버전의 페이지에서 보관한 머신이라 여기에는 맞지 않습니다",
    "the machine was started over": "머신이 처음 상태로 돌아갔습니다",
    "it executes nothing any more": "아무 명령도 실행하지 않습니다",
    "Something runs in terminal 1: end it first (Ctrl-C, or exit)":
        "터미널 1에서 실행 중인 것이 있습니다. 먼저 끝내세요(Ctrl-C 또는 exit)",

    // A block of commands
    "Run": "실행",
    "Running": "실행 중",
    "running": "실행 중",
    "as printed": "본문과 같음",
    "different": "다름",
    "not here": "여기에서는 안 됨",
    "all as printed": "모두 본문과 같습니다",
    "not all as printed": "본문과 다른 것이 있습니다",
    "not here: it needs %s": "여기에서는 할 수 없습니다. 필요한 것: %s",
    "Not in this machine: %s": "이 머신에서는 할 수 없습니다: %s",
    "printed in the text": "본문의 출력",
    "printed here": "여기의 출력",
    "asks for a password": "비밀번호를 묻습니다",
    "builds": "빌드합니다",
    "depends on the machine": "머신마다 다릅니다",
    "installs packages": "패키지를 설치합니다",
    "it installs": "설치합니다",
    "its output is the lesson of each chapter": "출력이 그 장에서 배울 내용입니다",
    "needs containerd; tests/oci/containerd.sh runs it": "containerd가 필요합니다. tests/oci/containerd.sh가 실행합니다",
    "needs dockerd; tests/oci/docker.sh runs it": "dockerd가 필요합니다. tests/oci/docker.sh가 실행합니다",
    "needs engines": "컨테이너 엔진이 필요합니다",
    "needs systemd as process 1": "1번 프로세스가 systemd여야 합니다",
    "needs systemd as process 1; tests/oci/systemd.sh makes the same calls":
        "1번 프로세스가 systemd여야 합니다. tests/oci/systemd.sh가 같은 호출을 합니다",
    "needs the internet": "인터넷이 필요합니다",
    "needs the virtual machine": "가상 머신이 필요합니다",
    "needs your program": "직접 작성한 프로그램이 필요합니다",
    "starts a virtual machine": "가상 머신을 시작합니다",
    "takes a minute, and prints a long table": "1분쯤 걸리고 긴 표를 출력합니다",
    "takes minutes": "몇 분이 걸립니다",

    // An exercise
    "Save and judge": "저장하고 채점하기",
    "Save and compile": "저장하고 컴파일하기",
    "Begin again": "처음부터 다시 쓰기",
    "Progress as a file": "진도를 파일로 받기",
    "Working in the machine": "머신에서 작업하는 중",
    "(%s s)": "(%s초)",
    "It compiles.": "컴파일되었습니다.",
    "What the machine said": "머신의 출력",
    "the lesson: %s of %s": "핵심 테스트: %s / %s",
    "the rest: %s of %s": "나머지 테스트: %s / %s",
    "... and the rest": "나머지까지 채점하기",
    "Judged is the lesson; \"... and the rest\" adds wrong words, sweeping up and further options. The attacks are not tried here: they take too long.":
        "여기에서는 핵심 테스트로 채점합니다. \"나머지까지 채점하기\"를 누르면 잘못된 명령줄, 뒷정리, 그 밖의 옵션도 봅니다. 공격은 너무 오래 걸려 시도하지 않습니다.",
    "The machine compiles with tcc. It is quick, and differs from gcc: it warns about less, and knows neither the sanitizers nor -O2. Your text is kept in this browser as you type.":
        "머신에서는 tcc로 컴파일합니다. 빠르지만 gcc와 다릅니다. 경고가 적고, 새니타이저와 -O2가 없습니다. 작성한 내용은 입력하는 대로 이 브라우저에 보관됩니다.",
    "Hints": "힌트",
    "The next hint": "다음 힌트",
    "Hint %s of %s": "힌트 %s / %s",
    "When it is solved: what the kit does besides": "다 풀었다면: 키트가 그 밖에 하는 일",
};

/** @type {Record<string, Record<string, string>>} */
export const words = { ko };

/** How a language calls itself. @type {Record<string, string>} */
export const names = { "": "English", en: "English", ko: "한국어" };

/** @param {string} language @param {string} sentence @param {(string | number)[]} more */
export function say(language, sentence, ...more) {
    let next = 0;
    return (words[language]?.[sentence] ?? sentence).replace(/%s/g, () => String(more[next++] ?? ""));
}
